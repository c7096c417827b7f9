using SyncHop.Packaging.Notices;
using Xunit;

namespace SyncHop.Packaging.Tests;

/// <summary>The licences, from what was really restored for the command.</summary>
public class NoticesTests
{
    private const string Permission = "Permission is hereby granted, free of charge";

    [Fact]
    public void Every_package_and_the_runtime_are_there_with_their_licences()
    {
        string text = ThirdPartyNotices.Render(Assets(), "linux-x64");
        string[] sections = text.Split(new string('=', 100));
        string[] names = [.. sections.Skip(1).Select(section => section.TrimStart().Split(' ')[0])];
        Assert.Superset(
            new HashSet<string>(["BouncyCastle.Cryptography", "Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64", "SSH.NET", "System.CommandLine"]),
            new HashSet<string>(names));
        Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
        Assert.All(sections.Skip(1), section => Assert.True(
            section.Contains("Copyright", StringComparison.OrdinalIgnoreCase) || section.Contains('©'), section));
        Assert.Contains(Permission, sections[1 + Array.IndexOf(names, "SSH.NET")], StringComparison.Ordinal);
        // What the runtime contains itself.
        Assert.Contains("zlib-ng", sections[1 + names.Index().Single(n => n.Item.Contains("NativeAOT", StringComparison.Ordinal)).Index], StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_whose_licence_is_not_known_is_an_error()
    {
        string folder = Directory.CreateTempSubdirectory("synchop-notices-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "x.nuspec"), "<package><metadata><id>X</id><version>1</version><license>Beerware</license></metadata></package>");
            Assert.Contains("Beerware", Assert.Throws<InvalidDataException>(() => NuGetPackage.Read(folder)).Message, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, "LICENSE.md"), "Do as you like.\r\n");
            Assert.Equal("Do as you like.\n", NuGetPackage.Read(folder).Text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Assets()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SyncHop.sln"))) folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "src/SyncHop.Cli/obj/project.assets.json");
    }
}

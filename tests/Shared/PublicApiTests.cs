using System.Reflection;
using Xunit;

namespace SyncHop.Shared;

/// <summary>
/// The library's public surface is the one that <c>PublicApi.txt</c> beside its tests says, so that a change of it is meant. With
/// <c>SYNCHOP_UPDATE_API=1</c> the file is written anew.
/// </summary>
public class PublicApiTests
{
    [Fact]
    public void The_public_api_is_the_agreed_one()
    {
        string tests = Assembly.GetExecutingAssembly().GetName().Name!;
        string path = Path.Combine(Root(), "tests", tests, "PublicApi.txt");
        string actual = PublicApi.Describe(Assembly.Load(tests[..^".Tests".Length]));
        if (Environment.GetEnvironmentVariable("SYNCHOP_UPDATE_API") == "1") File.WriteAllText(path, actual);
        string[] agreed = File.ReadAllText(path).Split('\n'), present = actual.Split('\n');
        string[] difference = [.. agreed.Except(present).Select(line => "- " + line), .. present.Except(agreed).Select(line => "+ " + line)];
        Assert.True(
            difference.Length == 0,
            $"the public API changed; if that is meant, run these tests once with SYNCHOP_UPDATE_API=1:\n{string.Join('\n', difference)}");
        Assert.Equal(agreed, present);
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SyncHop.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

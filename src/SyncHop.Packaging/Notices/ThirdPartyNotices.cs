using System.Text;
using System.Text.Json;

namespace SyncHop.Packaging.Notices;

/// <summary>The licences of everything that is linked into the binary, from the packages themselves.</summary>
internal static class ThirdPartyNotices
{
    /// <summary>Packages that only build: nothing of them is in the binary.</summary>
    private static readonly string[] Tools = ["Microsoft.DotNet.ILCompiler", "Microsoft.NET.ILLink.Tasks"];

    /// <summary>The text.</summary>
    /// <param name="assetsFile">What NuGet restored for the command: <c>src/SyncHop.Cli/obj/project.assets.json</c>.</param>
    /// <param name="platform">What is built for, as in <c>linux-x64</c>: its runtime is in the binary too.</param>
    /// <exception cref="InvalidDataException">A package is missing, or has no licence that can be told.</exception>
    public static string Render(string assetsFile, string platform)
    {
        using JsonDocument assets = JsonDocument.Parse(File.ReadAllBytes(assetsFile));
        string[] folders = [.. assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
        IEnumerable<string> packages = Libraries(assets.RootElement).Append(Runtime(assets.RootElement, platform));
        StringBuilder text = new("synchop contains the following software. Its own licence is the MIT License, in the file LICENSE.\n");
        foreach (string path in packages.OrderBy(package => package.Split('/')[0], StringComparer.OrdinalIgnoreCase))
        {
            string folder = folders.Select(root => Path.Combine(root, path.ToLowerInvariant())).FirstOrDefault(Directory.Exists)
                ?? throw new InvalidDataException($"the package {path} is in none of NuGet's folders");
            NuGetPackage package = NuGetPackage.Read(folder);
            text.Append('\n').Append('=', 100).Append('\n').Append(package.Name).Append("  ").Append(package.License).Append('\n');
            if (package.Home.Length > 0) text.Append(package.Home).Append('\n');
            text.Append('\n').Append(package.Text);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Libraries(JsonElement assets) => assets.GetProperty("libraries").EnumerateObject()
        .Where(library => library.Value.GetProperty("type").GetString() == "package")
        .Select(library => library.Name)
        .Where(name => !Tools.Contains(name.Split('/')[0]) && !name.StartsWith("runtime.", StringComparison.Ordinal));

    private static string Runtime(JsonElement assets, string platform)
    {
        string wanted = "Microsoft.NETCore.App.Runtime.NativeAOT." + platform;
        IEnumerable<JsonElement> downloads = assets.GetProperty("project").GetProperty("frameworks").EnumerateObject().Single()
            .Value.GetProperty("downloadDependencies").EnumerateArray();
        // "[10.0.12, 10.0.12]"
        string version = downloads.First(download => download.GetProperty("name").GetString() == wanted).GetProperty("version").GetString()!;
        return $"{wanted}/{version.Trim('[', ']').Split(',')[0]}";
    }
}

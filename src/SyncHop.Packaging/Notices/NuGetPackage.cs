using System.Text;
using System.Xml.Linq;

namespace SyncHop.Packaging.Notices;

/// <summary>A package that is part of the binary, with what its authors want to be said.</summary>
/// <param name="Name">Name and version.</param>
/// <param name="Home">Its project's page; empty where it tells none.</param>
/// <param name="License">An SPDX expression, or the name of a file.</param>
/// <param name="Text">The licence, with the copyright, and the notices for what the package itself contains.</param>
internal sealed record NuGetPackage(string Name, string Home, string License, string Text)
{
    /// <summary>Reads a package in NuGet's global folder.</summary>
    /// <param name="folder">Where it is unpacked.</param>
    /// <exception cref="InvalidDataException">It has neither a licence file nor one of the licences that we have the text of.</exception>
    public static NuGetPackage Read(string folder)
    {
        XElement metadata = XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
        string name = $"{Value("id")} {Value("version")}", license = Value("license"), copyright = Value("copyright");
        if (copyright.Length == 0) copyright = Value("authors");
        if (!copyright.Contains("Copyright", StringComparison.OrdinalIgnoreCase)) copyright = "Copyright " + copyright;
        // What the package says in files is more exact than what it says in a word.
        string[] files = [.. Directory.GetFiles(folder).Where(IsNotice).Order(StringComparer.Ordinal)];
        StringBuilder text = new();
        if (!files.Any(file => Path.GetFileName(file).StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase)))
            text.Append(copyright).Append("\n\n").Append(TextOf(license, name));
        foreach (string file in files) text.Append(text.Length > 0 ? "\n" : "").Append(File.ReadAllText(file).ReplaceLineEndings("\n").Trim()).Append('\n');
        return new NuGetPackage(name, Value("projectUrl"), license, text.ToString());

        string Value(string element) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == element)?.Value.Trim() ?? "";
    }

    private static bool IsNotice(string file) =>
        Path.GetFileName(file) is var name
        && (name.StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase) || name.StartsWith("THIRD-PARTY-NOTICES", StringComparison.OrdinalIgnoreCase));

    private static string TextOf(string license, string name) => license is "MIT" or "BSD-2-Clause"
        ? Resources.Read($"{license}.txt")
        : throw new InvalidDataException($"{name}: no text for the licence \"{license}\"");
}

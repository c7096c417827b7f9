using System.Reflection;
using System.Runtime.InteropServices;

namespace SyncHop.Cli;

/// <summary>The text of <c>--version</c>: version, commit, runtime, SSH.NET's version, the rsync it follows.</summary>
internal static class VersionText
{
    /// <summary>SSH.NET's version, recorded at build time from the package reference.</summary>
    public static string SshNet { get; } = typeof(VersionText).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(a => a.Key == "SshNetVersion").Value!;

    /// <summary>The version alone.</summary>
    public static string Number => Full.Split('+')[0];

    private static string Full => typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The whole text, with its final newline.</summary>
    public static string Render()
    {
        string[] parts = Full.Split('+', 2);
        string commit = parts.Length > 1 ? parts[1] : "unknown";
        // Only the JIT's host hands its runtime a list of assemblies; PublishAot switches RuntimeFeature off in both builds.
        string compiled = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is null ? "NativeAOT" : "JIT";
        return $"""
            synchop  version {parts[0]}  commit {commit}
            {RuntimeInformation.FrameworkDescription} ({compiled}, {RuntimeInformation.RuntimeIdentifier}), SSH.NET {SshNet}
            Options, output and exit codes of rsync 3.5.0
            Copyright (c) 2026 The SyncHop authors. MIT License.

            """;
    }
}

using System.Globalization;
using System.Text;
using SyncHop.Sftp;
using SyncHop.Ssh;

namespace SyncHop.Cli.Checking;

/// <summary>The words of <c>--check</c>: a heading for each hop, the SFTP session and the path, and facts below it.</summary>
internal static class CheckText
{
    private const int Column = 18;

    /// <summary>What is known of a hop.</summary>
    public static string Of(HopReport hop)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"hop {hop.Number} of {hop.Count}: {hop.Hop}\n");
        Fact(text, "address", hop.Via is null ? hop.Address : $"{hop.Address} through {hop.Via}");
        Fact(text, "server", hop.ServerVersion);
        Fact(text, "host key", $"{hop.HostKeyType} {hop.HostKeyFingerprint}");
        Fact(text, "key exchange", hop.KeyExchange);
        Fact(text, "cipher, MAC", $"{hop.Cipher}, {hop.Mac ?? "in the cipher"}");
        Fact(text, "authentication", hop.Authentication);
        Fact(text, "connected in", Milliseconds(hop.Elapsed));
        Fact(text, "round trip", hop.RoundTrip is { } time ? Milliseconds(time) : "unknown: it does not answer");
        return text.ToString();
    }

    /// <summary>What is known of the SFTP session.</summary>
    public static string Of(SftpClient client)
    {
        StringBuilder text = new();
        text.Append("SFTP version 3\n");
        string extensions = string.Join(", ", client.Extensions.Select(extension => $"{extension.Key} {extension.Value}"));
        Fact(text, "extensions", extensions.Length == 0 ? "none" : extensions);
        SftpLimits limits = client.Limits;
        string told = client.Supports(SftpExtension.Limits) ? "" : " (assumed: the server does not tell)";
        Fact(text, "limits", string.Create(CultureInfo.InvariantCulture,
            $"packet {limits.PacketLength}, read {limits.ReadLength}, write {limits.WriteLength} bytes, open files {limits.OpenHandles?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}{told}"));
        return text.ToString();
    }

    /// <summary>What is known of a path, and of the host's clock.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="facts">What was found.</param>
    /// <param name="space">Its file system; null where the server does not tell.</param>
    /// <param name="losses">What archive mode cannot keep there.</param>
    public static string Of(string path, PathFacts facts, SftpFileSystemInfo? space, IEnumerable<string> losses)
    {
        StringBuilder text = new();
        Fact(text, "clock", Clock(facts));
        text.Append(CultureInfo.InvariantCulture, $"path {path}\n");
        Fact(text, "is", Kind(facts));
        if (facts.Readable is { } readable) Fact(text, "readable", YesNo(readable, facts.ReadProblem));
        if (!facts.IsSource)
            Fact(text, "writable", facts.Writable is { } writable ? YesNo(writable, facts.WriteProblem) : "unknown: with -n nothing is tried");
        if (space is not null) Fact(text, "file system", Space(space));
        string label = "-a loses";
        foreach (string loss in losses)
        {
            Fact(text, label, loss);
            label = "";
        }

        return text.ToString();
    }

    private static string Kind(PathFacts facts) => facts switch
    {
        { Kind: SftpFileType.Directory } => "a directory",
        { Kind: SftpFileType.Regular } => "a file",
        { Kind: SftpFileType.Unknown } => "there, but the server does not tell what",
        { Kind: not null } => "a device, named pipe or socket",
        { Readable: false } => "unknown",
        { IsSource: true } => "not there, as a source must be",
        _ => "not there yet",
    };

    private static string Clock(PathFacts facts)
    {
        if (facts.Clock is not { } clock) return "unknown: it shows only in a file that is made";
        if (clock.MayBeEqual) return string.Create(CultureInfo.InvariantCulture, $"as ours, to within {clock.Uncertainty.TotalSeconds:0.0} s");
        string way = clock.Ahead > TimeSpan.Zero ? "ahead of" : "behind";
        return string.Create(CultureInfo.InvariantCulture, $"{clock.Ahead.Duration().TotalSeconds:0.0} s {way} ours, to within {clock.Uncertainty.TotalSeconds:0.0} s");
    }

    private static string Space(SftpFileSystemInfo space)
    {
        const double gibibyte = 1L << 30;
        double free = space.AvailableBlocks * (double)space.FragmentSize / gibibyte;
        return string.Create(CultureInfo.InvariantCulture, $"{free:0.0} GiB free{(space.IsReadOnly ? ", mounted read-only" : "")}");
    }

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");

    private static string YesNo(bool value, string? problem) =>
        (value, problem) switch
        {
            (true, null) => "yes",
            (true, _) => $"yes, but {problem}",
            (false, null) => "no",
            _ => $"no: {problem}",
        };

    private static void Fact(StringBuilder text, string label, string fact) =>
        text.Append("  ").Append(label.PadRight(Column)).Append(fact).Append('\n');
}

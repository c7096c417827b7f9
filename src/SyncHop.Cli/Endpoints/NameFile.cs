using SyncHop.Cli.Arguments;

namespace SyncHop.Cli.Endpoints;

/// <summary>Where the list of <c>--files-from</c> is.</summary>
internal enum NameFileSide
{
    /// <summary>On this machine.</summary>
    Here,

    /// <summary>On the sources' host.</summary>
    Source,

    /// <summary>On the destination's host.</summary>
    Destination,
}

/// <summary>The file of <c>--files-from</c>.</summary>
/// <param name="Side">Where it is.</param>
/// <param name="Path">Its path as typed; <c>-</c> on this machine is standard input.</param>
/// <param name="EndsAtNul">Whether names end with NUL (<c>--from0</c>).</param>
internal sealed record NameFile(NameFileSide Side, byte[] Path, bool EndsAtNul)
{
    /// <summary>Reads the option's value.</summary>
    /// <exception cref="CommandException">It is on neither host of the transfer.</exception>
    public static NameFile Parse(string value, bool endsAtNul, Operands operands)
    {
        Endpoint endpoint = EndpointParser.Parse(value);
        if (endpoint is not RemoteEndpoint remote) return new NameFile(NameFileSide.Here, endpoint.Path, endsAtNul);
        if (operands.SourceHops.Count + operands.DestinationHops.Count == 0)
            throw CommandException.Usage("--files-from cannot be remote when the transfer is local");
        bool onSource = operands.SourceHops.Count > 0 && (remote.Hops.Count == 0 || remote.Hops.SequenceEqual(operands.SourceHops));
        bool onDestination = operands.DestinationHops.Count > 0 && (remote.Hops.Count == 0 || remote.Hops.SequenceEqual(operands.DestinationHops));
        if (!onSource && !onDestination) throw CommandException.Usage("--files-from hostname is not the same as the transfer hostname");
        return new NameFile(onSource ? NameFileSide.Source : NameFileSide.Destination, endpoint.Path, endsAtNul);
    }

    /// <summary>Reads a file on this machine, or standard input.</summary>
    /// <param name="followsAll">Whether symlinks are followed whoever owns them (<c>--insecure-links</c>).</param>
    /// <exception cref="CommandException">It cannot be read.</exception>
    public byte[] Read(bool followsAll) => Path.Length == 0 ? throw Failure("Invalid argument") : NamedFile.Read(Path, followsAll, reason =>
        // rsync has no number behind the words here.
        Failure(reason.LastIndexOf(" (", StringComparison.Ordinal) is > 0 and int end ? reason[..end] : reason));

    /// <summary>That it cannot be read, in rsync's words and with the exit code that rsync gives where the file is local.</summary>
    public CommandException Failure(string reason) => CommandException.Usage($"failed to open files-from file {ByteString.Decode(Path)}: {reason}");
}

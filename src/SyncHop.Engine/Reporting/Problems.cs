using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Reporting;

/// <summary>Errors of a run that do not end it: each is one line on standard error, and together they make the exit code.</summary>
internal sealed class Problems(IOutput output, NameEscaper escaper)
{
    private int _partial, _sourcePartial, _vanished, _scan, _deleteLimit;
    private readonly HashSet<string> _saidOnce = [];

    /// <summary>Whether the scan missed something, so that nothing may be deleted.</summary>
    public bool ScanFailed => Volatile.Read(ref _scan) != 0;

    /// <summary>Whether entries come here from another host: then, as in rsync, errors in reading them outweigh <c>--max-delete</c>.</summary>
    public bool Pulls { get; init; }

    /// <summary>The exit code that the errors so far amount to.</summary>
    public ExitCode ExitCode => Volatile.Read(ref _partial) != 0 ? ExitCode.Partial
        : !Pulls && Volatile.Read(ref _deleteLimit) != 0 ? ExitCode.DeleteLimit
        : Volatile.Read(ref _sourcePartial) != 0 ? ExitCode.Partial
        : Volatile.Read(ref _vanished) != 0 ? ExitCode.Vanished
        : Volatile.Read(ref _deleteLimit) != 0 ? ExitCode.DeleteLimit
        : ExitCode.Ok;

    /// <summary><c>synchop: [sender] opendir "/x" failed: Permission denied (13)</c>.</summary>
    public void Failed(string role, string operation, ReadOnlySpan<byte> path, ReplicaException failure)
    {
        Volatile.Write(ref role == "sender" ? ref _sourcePartial : ref _partial, 1);
        string phrase = ErrorWords.Phrase(operation);
        Write(
            new LineBuilder(escaper).Text($"synchop: [{role}] {phrase} \"").Bytes(path).Text($"\"{ErrorWords.Between(phrase)}{failure.Reason}"),
            new Problem(Severity.Error) { Path = path.ToArray(), Operation = operation, Reason = failure.Reason });
    }

    /// <summary><c>synchop: [sender] sender failed to remove x: Permission denied (13)</c>: the name is that within the transfer.</summary>
    public void NotRemoved(RelativePath name, ReadOnlySpan<byte> path, ReplicaException failure)
    {
        Volatile.Write(ref _sourcePartial, 1);
        Write(
            new LineBuilder(escaper).Text("synchop: [sender] sender failed to remove ").Bytes(name.Bytes).Text($": {failure.Reason}"),
            new Problem(Severity.Error) { Path = path.ToArray(), Operation = "sender failed to remove", Reason = failure.Reason });
    }

    /// <summary>An error in other words; the path stands between the two texts.</summary>
    public void Failed(string before, ReadOnlySpan<byte> path, string after = "")
    {
        Volatile.Write(ref _partial, 1);
        Write(new LineBuilder(escaper).Text(before).Bytes(path).Text(after), About(Severity.Error, path));
    }

    /// <summary>An error that concerns many entries and is said once; it counts each time.</summary>
    public void FailedOnce(string text, ReadOnlySpan<byte> path)
    {
        Volatile.Write(ref _partial, 1);
        lock (_saidOnce)
        {
            if (!_saidOnce.Add(text)) return;
        }
        Write(new LineBuilder(escaper).Text($"synchop: {text} \"").Bytes(path).Text("\" (said once)"), About(Severity.Error, path));
    }

    /// <summary>Something the user should know that is no error, in rsync's words: a text and a name.</summary>
    public void Notice(string text, ReadOnlySpan<byte> name) =>
        Write(new LineBuilder(escaper).Text(text).Bytes(name), new Problem(Severity.Warning));

    /// <summary>Something the user should know that is no error.</summary>
    public void Warn(string text) =>
        Write(new LineBuilder(escaper).Text($"synchop: {text}"), new Problem(Severity.Warning));

    /// <summary>As <see cref="Warn(string)"/>, but only the first time.</summary>
    public void WarnOnce(string text)
    {
        lock (_saidOnce)
        {
            if (!_saidOnce.Add(text)) return;
        }
        Warn(text);
    }

    /// <summary>What was appended to was not the beginning of the source; all of it is written again (<c>--append-verify</c>).</summary>
    public void Unverified(ReadOnlySpan<byte> path) =>
        Write(
            new LineBuilder(escaper).Text("WARNING: ").Bytes(path).Text(" failed verification -- update retained (will try again)."),
            About(Severity.Warning, path));

    /// <summary>Notes that the source's scan is incomplete.</summary>
    public void ScanIncomplete() => Volatile.Write(ref _scan, 1);

    /// <summary>Removals were left out because of <c>--max-delete</c> (exit code 25).</summary>
    public void DeleteLimit(int skipped)
    {
        Volatile.Write(ref _deleteLimit, 1);
        Write(new LineBuilder(escaper).Text($"Deletions stopped due to --max-delete limit ({skipped} skipped)"), new Problem(Severity.Warning));
    }

    /// <summary>A source file is gone since it was listed (exit code 24).</summary>
    public void Vanished(ReadOnlySpan<byte> path)
    {
        Volatile.Write(ref _vanished, 1);
        Write(new LineBuilder(escaper).Text("file has vanished: \"").Bytes(path).Text("\""), About(Severity.Warning, path));
    }

    private static Problem About(Severity severity, ReadOnlySpan<byte> path) =>
        new(severity) { Path = path.IsEmpty ? null : path.ToArray() };

    private void Write(LineBuilder line, in Problem problem) => output.WriteProblem(line.ToLine(), problem);
}

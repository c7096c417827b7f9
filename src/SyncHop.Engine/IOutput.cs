namespace SyncHop.Engine;

/// <summary>Where the run's text goes. Both methods may be called from any task; a call's bytes stay together.</summary>
public interface IOutput
{
    /// <summary>Writes to standard output: whole lines with their newlines.</summary>
    void Write(ReadOnlySpan<byte> text);

    /// <summary>Writes to standard error: whole lines with their newlines.</summary>
    void WriteError(ReadOnlySpan<byte> text);

    /// <summary>Writes a line to standard error of which more is known than its text.</summary>
    void WriteProblem(ReadOnlySpan<byte> line, in Problem problem) => WriteError(line);
}

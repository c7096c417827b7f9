namespace SyncHop.Engine.Tests;

/// <summary>Keeps what is written, one piece a call.</summary>
internal sealed class CollectedOutput : IOutput
{
    private readonly List<string> _written = [], _errors = [];

    public IReadOnlyList<string> Written => _written;

    public IReadOnlyList<string> Errors => _errors;

    public void Write(ReadOnlySpan<byte> text)
    {
        lock (_written) _written.Add(Samples.S(text));
    }

    public void WriteError(ReadOnlySpan<byte> text)
    {
        lock (_errors) _errors.Add(Samples.S(text));
    }
}

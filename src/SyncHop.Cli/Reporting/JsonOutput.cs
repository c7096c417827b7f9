using SyncHop.Engine;
using SyncHop.Engine.Reporting.Json;

namespace SyncHop.Cli.Reporting;

/// <summary>What goes to standard error is on standard output too, as an object for programs (<c>--json</c>).</summary>
/// <param name="inner">Where both go.</param>
internal sealed class JsonOutput(IOutput inner) : IOutput
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> text) => inner.Write(text);

    /// <inheritdoc/>
    public void WriteError(ReadOnlySpan<byte> text)
    {
        inner.WriteError(text);
        foreach (Range line in text.TrimEnd((byte)'\n').Split((byte)'\n'))
            inner.Write(JsonReport.Message(text[line], new Problem(Severity.Note)));
    }

    /// <inheritdoc/>
    public void WriteProblem(ReadOnlySpan<byte> line, in Problem problem)
    {
        inner.WriteError(line);
        inner.Write(JsonReport.Message(line.TrimEnd((byte)'\n'), problem));
    }
}

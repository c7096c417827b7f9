using System.Text;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;

namespace SyncHop.Cli.Bench;

/// <summary>Says on a terminal what is being measured, in one line that is written over.</summary>
/// <param name="output">Where errors go.</param>
/// <param name="isShown">Whether that is a terminal.</param>
internal sealed class BenchProgress(IOutput output, bool isShown) : IDisposable
{
    /// <summary>Shows what is done now.</summary>
    public void Show(string what)
    {
        if (isShown) output.WriteError(Encoding.UTF8.GetBytes($"\r\x1b[K{TerminalText.Escape(what)}"));
    }

    /// <summary>Clears the line.</summary>
    public void Dispose() => Show("");
}

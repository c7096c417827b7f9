using System.Text;
using SyncHop.Cli.Terminal;

namespace SyncHop.Cli.Bench;

/// <summary>Says on a terminal what is being measured, in one line that is written over.</summary>
/// <param name="output">Where the line goes, on standard error.</param>
/// <param name="isShown">Whether that is a terminal.</param>
internal sealed class BenchProgress(StandardOutput output, bool isShown) : IDisposable
{
    /// <summary>Shows what is done now.</summary>
    public void Show(string what)
    {
        if (isShown) output.ShowStatus(what.Length == 0 ? [] : [Encoding.UTF8.GetBytes(TerminalText.Escape(what))]);
    }

    /// <summary>Clears the line.</summary>
    public void Dispose() => Show("");
}

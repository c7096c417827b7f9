using System.Text;

namespace SyncHop.Cli.Terminal;

/// <summary>
/// Asks the user on the controlling terminal, whatever standard input and output are. One question at a time; text that comes
/// from a server is escaped before it is shown.
/// </summary>
/// <param name="device">The terminal's device file.</param>
internal sealed unsafe class TerminalPrompt(string device = "/dev/tty")
{
    private const int AttributesSize = 256; // More than any struct termios has.
    private const int LocalFlagsOffset = 12; // c_lflag, after three 32-bit words, on every Linux but Alpha's and SPARC's glibc.
    private const uint Echo = 0x8;
    private const uint EchoNewline = 0x40;
    private const int SetAfterFlush = 2; // TCSAFLUSH: what was typed before the question is not the answer to it.
    private const int LongestLine = 4096; // The kernel's own limit for a line (termios(3)).
    private const int PollMilliseconds = 100;

    private static readonly TimeSpan FinishTime = TimeSpan.FromSeconds(1); // Ten looks at the cancellation.

    private readonly Lock _question = new();
    private readonly byte[] _saved = new byte[AttributesSize];
    private int _silenced = -1;
    private bool _finished;

    /// <summary>Keeps other text off the terminal while a question is open; null where there is none.</summary>
    public Func<IDisposable>? Hold { get; set; }

    /// <summary>Whether there is a terminal to ask on.</summary>
    public bool IsInteractive
    {
        get
        {
            int terminal = Posix.OpenTerminal(device);
            if (terminal < 0) return false;
            Posix.Close(terminal);
            return true;
        }
    }

    /// <summary>Asks for a secret; what is typed is not shown.</summary>
    /// <returns>
    /// The line's bytes without its newline, to be cleared by the caller; null at end of file, and without a terminal that can
    /// be silenced.
    /// </returns>
    /// <exception cref="OperationCanceledException">Cancelled; the terminal is as it was.</exception>
    public byte[]? AskSecret(string question, CancellationToken cancellation) => Ask(question, silent: true, cancellation);

    /// <summary>Asks for a line.</summary>
    /// <returns>The line without its newline; null without a terminal or at end of file.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public string? AskLine(string question, CancellationToken cancellation) =>
        Ask(question, silent: false, cancellation) is { } line ? Encoding.UTF8.GetString(line) : null;

    /// <summary>Shows the user's typing again if a question for a secret is open. For use on the way out of the process.</summary>
    public void Restore()
    {
        int terminal = Interlocked.Exchange(ref _silenced, -1);
        if (terminal < 0) return;
        fixed (byte* saved = _saved) _ = Posix.SetTerminalAttributes(terminal, SetAfterFlush, saved);
    }

    /// <summary>Stops the process; an open question for a secret shows typing again meanwhile, and hides it when the process goes on.</summary>
    /// <param name="stop">Stops it; returns when it goes on.</param>
    public void Suspend(Action stop)
    {
        int terminal = Volatile.Read(ref _silenced);
        if (terminal >= 0)
        {
            fixed (byte* saved = _saved) _ = Posix.SetTerminalAttributes(terminal, SetAfterFlush, saved);
        }
        stop();
        if (terminal >= 0 && Volatile.Read(ref _silenced) == terminal) Silence(terminal);
    }

    /// <summary>
    /// Ends the questions before anything else is said: waits for the one that a cancellation breaks off on another thread, which
    /// the end of the process would cut short. Nothing is asked any more.
    /// </summary>
    public void Finish()
    {
        bool entered = _question.TryEnter(FinishTime);
        Volatile.Write(ref _finished, true);
        if (entered) _question.Exit();
        Restore();
    }

    private byte[]? Ask(string question, bool silent, CancellationToken cancellation)
    {
        lock (_question)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Volatile.Read(ref _finished)) return null;
            int terminal = Posix.OpenTerminal(device);
            if (terminal < 0) return null;
            using IDisposable? hold = Hold?.Invoke();
            try
            {
                if (silent && !Silence(terminal)) return null;
                Posix.WriteAll(terminal, Encoding.UTF8.GetBytes(string.Join('\n', question.Split('\n').Select(TerminalText.Escape))));
                return ReadLine(terminal, cancellation);
            }
            finally
            {
                // The user's own newline was not shown; and after Ctrl-C there was none.
                if (silent || cancellation.IsCancellationRequested) Posix.WriteAll(terminal, "\n"u8);
                Restore();
                Posix.Close(terminal);
            }
        }
    }

    private bool Silence(int terminal)
    {
        fixed (byte* saved = _saved)
        {
            if (Posix.GetTerminalAttributes(terminal, saved) != 0) return false;
            byte* changed = stackalloc byte[AttributesSize];
            Buffer.MemoryCopy(saved, changed, AttributesSize, AttributesSize);
            *(uint*)(changed + LocalFlagsOffset) &= ~(Echo | EchoNewline);
            Volatile.Write(ref _silenced, terminal);
            return Posix.SetTerminalAttributes(terminal, SetAfterFlush, changed) == 0;
        }
    }

    private static byte[]? ReadLine(int terminal, CancellationToken cancellation)
    {
        byte* line = stackalloc byte[LongestLine];
        int length = 0;
        try
        {
            while (length < LongestLine)
            {
                while (!Posix.WaitFor(terminal, Posix.PollIn, PollMilliseconds)) cancellation.ThrowIfCancellationRequested();
                nint read = Posix.Read(terminal, line + length, (nuint)(LongestLine - length));
                if (read <= 0) return null;
                length += (int)read;
                if (line[length - 1] == '\n') break;
            }

            return new ReadOnlySpan<byte>(line, length).TrimEnd("\r\n"u8).ToArray();
        }
        finally
        {
            new Span<byte>(line, length).Clear();
        }
    }
}

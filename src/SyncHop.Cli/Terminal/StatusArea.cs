namespace SyncHop.Cli.Terminal;

/// <summary>
/// Lines at the end of what a terminal shows, which are written over. The cursor stays at their beginning, so that whatever else is
/// written, a ^C that the terminal echoes, and the next prompt of a shell, takes their place. Not for several threads at once.
/// </summary>
/// <param name="descriptor">The terminal.</param>
internal sealed class StatusArea(int descriptor)
{
    private byte[] _text = [];
    private bool _isDrawn;
    private int _holds;

    /// <summary>Whether anything is on the screen.</summary>
    public bool IsDrawn => _isDrawn;

    /// <summary>Shows other lines; none removes them.</summary>
    /// <param name="lines">Text with no newline in it, not wider than the terminal.</param>
    public void Show(IReadOnlyList<byte[]> lines)
    {
        // Line by line over the old ones, and what is left below removed: nothing flickers.
        _text = lines.Count == 0 ? [] : [.. lines.SelectMany(static (line, at) => (byte[])[.. at == 0 ? "\r"u8 : "\r\n"u8, .. line, .. "\x1b[K"u8]), .. "\x1b[J\r"u8, .. Up(lines.Count - 1)];
        if (_text.Length == 0) Erase();
        else Draw();
    }

    /// <summary>Takes the lines off the screen, until <see cref="Draw"/>.</summary>
    public void Erase()
    {
        if (!_isDrawn) return;
        _isDrawn = false;
        Posix.WriteAll(descriptor, "\r\x1b[J"u8);
    }

    /// <summary>Shows the lines, unless they are held back, the terminal takes nothing, or it is another program's at the moment.</summary>
    public void Draw()
    {
        if (_text.Length == 0 || _holds > 0 || !Posix.IsForeground(descriptor) || !Posix.WaitFor(descriptor, Posix.PollOut, 0)) return;
        _isDrawn = true;
        Posix.WriteAll(descriptor, _text);
    }

    /// <summary>Keeps the lines off the screen until <see cref="Release"/> was called as often.</summary>
    public void Hold()
    {
        _holds++;
        Erase();
    }

    /// <summary>Ends what <see cref="Hold"/> began.</summary>
    public void Release()
    {
        _holds--;
        Draw();
    }

    private static byte[] Up(int lines) => lines == 0 ? [] : System.Text.Encoding.ASCII.GetBytes($"\x1b[{lines}A");
}

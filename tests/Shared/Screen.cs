using System.Globalization;
using System.Text;

namespace SyncHop.Shared;

/// <summary>What a terminal shows of what was written to it: as much of ECMA-48 as synchop uses; anything else throws.</summary>
internal sealed class Screen
{
    private readonly List<StringBuilder> _lines = [new()];
    private int _row, _column;
    private string _begun = "";

    /// <summary>The lines down to the last one that shows anything.</summary>
    public string Text => string.Join('\n', _lines.Select(static line => line.ToString().TrimEnd())).TrimEnd('\n');

    /// <summary>Where the cursor is, from 0.</summary>
    public (int Row, int Column) Cursor => (_row, _column);

    /// <summary>Whether anything was ever to be shown in colours.</summary>
    public bool HasColours { get; private set; }

    /// <summary>Every text that the screen showed after a piece was written.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>Shows what was written.</summary>
    public Screen Write(string text)
    {
        text = _begun + text;
        _begun = "";
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\x1b' && !text[(at + 1)..].Any(char.IsAsciiLetter))
            {
                _begun = text[at..]; // The rest of the sequence is still on its way.
                break;
            }
            char c = text[at];
            if (c == '\r') _column = 0;
            else if (c == '\n') Down();
            else if (c == '\x1b') at = Control(text, at);
            else if (char.IsControl(c)) throw new FormatException($"control character {(int)c}");
            else Put(c);
        }
        Seen.Add(Text);
        return this;
    }

    private void Down()
    {
        _row++;
        if (_row == _lines.Count) _lines.Add(new StringBuilder());
    }

    private void Put(char c)
    {
        StringBuilder line = _lines[_row];
        while (line.Length <= _column) line.Append(' ');
        line[_column++] = c;
    }

    private int Control(string text, int at)
    {
        int end = at + 2;
        while (text[end] is ';' or (>= '0' and <= '9')) end++;
        string number = text[(at + 2)..end];
        switch (text[at + 1], text[end])
        {
            case ('[', 'm'):
                HasColours = true;
                break;
            case ('[', 'A'):
                _row = Math.Max(0, _row - int.Parse(number, CultureInfo.InvariantCulture));
                break;
            case ('[', 'K') when number.Length == 0:
                Cut();
                break;
            case ('[', 'J') when number.Length == 0:
                Cut();
                _lines.RemoveRange(_row + 1, _lines.Count - _row - 1);
                break;
            default:
                throw new FormatException($"escape sequence {text[(at + 1)..(end + 1)]}");
        }
        return end;
    }

    private void Cut()
    {
        if (_lines[_row].Length > _column) _lines[_row].Length = _column;
    }
}

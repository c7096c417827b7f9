using System.Text;

namespace SyncHop.Ssh.Transport;

/// <summary>Passes on what a remote program writes to its standard error, line by line, as the words of its host.</summary>
internal sealed class RemoteErrors(IUserPrompt prompt, string host)
{
    private const int MaximumLine = 1024;

    private readonly Lock _lock = new();
    private readonly List<byte> _line = [];

    public void Add(ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            foreach (byte value in data)
            {
                if (value == '\n') FlushLine();
                else if (_line.Count < MaximumLine) _line.Add(value);
            }
        }
    }

    /// <summary>Passes on a line that lacks its end.</summary>
    public void Flush()
    {
        lock (_lock) FlushLine();
    }

    private void FlushLine()
    {
        string line = Printable.Line(Encoding.UTF8.GetString([.. _line]));
        _line.Clear();
        if (line.Length == 0) return;
        prompt.Warn($"{host} says: {line}");
    }
}

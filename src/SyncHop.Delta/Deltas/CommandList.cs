namespace SyncHop.Delta;

/// <summary>Collects commands in the order of the new file and joins neighbours.</summary>
/// <param name="dropsShortCopies">
/// Whether copies that are not worth their bytes become literal. Not in a part of a file: there a copy may go on in the next part.
/// </param>
internal sealed class CommandList(bool dropsShortCopies)
{
    /// <summary>A copy shorter than its command and the header of the literal that it interrupts makes the delta larger.</summary>
    private const int ShortestCopy = FormatConstants.CopyCommandLength + FormatConstants.DataCommandLength;

    private readonly List<DeltaCommand> _commands = [];

    /// <summary>Bytes of the new file that the commands make.</summary>
    public long Length { get; private set; }

    /// <summary>Forgets everything, for another start.</summary>
    public void Clear()
    {
        _commands.Clear();
        Length = 0;
    }

    /// <summary>Adds a command; one of no length is dropped.</summary>
    public void Add(DeltaCommand command)
    {
        if (command.Length == 0) return;
        Length += command.Length;
        if (TryJoin(command)) return;
        CloseLast();
        if (!TryJoin(command)) _commands.Add(command);
    }

    /// <summary>Adds the commands of the part of the new file that begins at <paramref name="start"/>, less what is covered already.</summary>
    public void AddPart(long start, CommandList part)
    {
        foreach (DeltaCommand command in part._commands)
        {
            long covered = Math.Clamp(Length - start, 0, command.Length);
            Add(new DeltaCommand(command.IsCopy ? command.BasisOffset + covered : -1, command.Length - covered));
            start += command.Length;
        }
    }

    /// <summary>The commands. Nothing may be added afterwards.</summary>
    public IReadOnlyList<DeltaCommand> Finish()
    {
        CloseLast();
        return _commands;
    }

    private bool TryJoin(DeltaCommand command)
    {
        if (_commands.Count == 0) return false;
        DeltaCommand last = _commands[^1];
        bool follows = command.IsCopy
            ? last.IsCopy && last.BasisOffset + last.Length == command.BasisOffset
            : !last.IsCopy;
        if (follows) _commands[^1] = last with { Length = last.Length + command.Length };
        return follows;
    }

    /// <summary>The last command grows no more: decides whether it stays a copy.</summary>
    private void CloseLast()
    {
        if (!dropsShortCopies || _commands.Count == 0) return;
        DeltaCommand last = _commands[^1];
        if (!last.IsCopy || last.Length >= ShortestCopy) return;
        _commands.RemoveAt(_commands.Count - 1);
        DeltaCommand literal = DeltaCommand.Literal(last.Length);
        if (!TryJoin(literal)) _commands.Add(literal);
    }
}

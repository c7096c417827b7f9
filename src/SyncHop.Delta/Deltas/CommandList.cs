namespace SyncHop.Delta;

/// <summary>Collects commands in the order of the new file and joins neighbours.</summary>
internal sealed class CommandList
{
    /// <summary>A copy shorter than its command and the header of the literal that it interrupts makes the delta larger.</summary>
    private const int ShortestCopy = FormatConstants.CopyCommandLength + FormatConstants.DataCommandLength;

    private readonly List<DeltaCommand> _commands = [];

    /// <summary>Bytes of the new file that the commands make.</summary>
    public long Length { get; private set; }

    /// <summary>The commands so far.</summary>
    public IReadOnlyList<DeltaCommand> Commands => _commands;

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
        if (_commands.Count > 0)
        {
            DeltaCommand last = _commands[^1];
            bool follows = command.IsCopy
                ? last.IsCopy && last.BasisOffset + last.Length == command.BasisOffset
                : !last.IsCopy;
            if (follows)
            {
                _commands[^1] = last with { Length = last.Length + command.Length };
                return;
            }
        }
        _commands.Add(command);
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

    /// <summary>The commands, with copies that are not worth their bytes made literal.</summary>
    public IReadOnlyList<DeltaCommand> Finish()
    {
        CommandList worthy = new();
        foreach (DeltaCommand command in _commands)
            worthy.Add(command.Length < ShortestCopy ? DeltaCommand.Literal(command.Length) : command);
        return worthy._commands;
    }
}

namespace SyncHop.Cli.Options;

/// <summary>
/// Reads arguments the way rsync's option parser does where System.CommandLine's grammar differs, and hands it arguments
/// that have one meaning only. The differences: System.CommandLine takes an unknown option for an operand, <c>--flag=x</c>
/// for the flag and an operand, <c>:</c> for <c>=</c>, drops an empty value, will not take a value that looks like an option,
/// reads a first <c>[x]</c> as a directive and a first operand with the program's name as the program.
/// </summary>
internal static class OptionSyntax
{
    /// <summary>
    /// Stands before every value: <c>--name==value</c>. So no value is empty, and System.CommandLine, which splits at the
    /// first sign, leaves the rest alone.
    /// </summary>
    public const char ValueMark = '=';

    /// <summary>The options in their order, values attached behind <see cref="ValueMark"/>, then <c>--</c>, then the operands.</summary>
    /// <param name="arguments">As they were typed.</param>
    /// <param name="fault">That an option is unknown, lacks its value, has one it does not take, or one that is no number; what is returned ends before it. null when all is well.</param>
    public static List<string> Canonicalize(IReadOnlyList<string> arguments, out CommandException? fault)
    {
        List<string> options = [];
        List<string> operands = [];
        fault = null;
        try
        {
            Split(arguments, options, operands);
        }
        catch (CommandException e)
        {
            fault = e;
        }
        return [.. options, "--", .. operands];
    }

    private static void Split(IReadOnlyList<string> arguments, List<string> options, List<string> operands)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                operands.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (argument is not ['-', _, ..])
            {
                operands.Add(argument);
                continue;
            }

            bool ends = argument.StartsWith("--", StringComparison.Ordinal)
                ? AddLong(options, arguments, ref i)
                : AddShort(options, arguments, ref i);
            if (ends) break;
        }
    }

    private static bool AddLong(List<string> options, IReadOnlyList<string> arguments, ref int i)
    {
        string argument = arguments[i];
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? argument : argument[..equals];
        if (!OptionTable.ByName.TryGetValue(name, out var found)) throw Unknown(argument);
        if (found.Negated || found.Option.ValueName is null)
        {
            if (equals >= 0) throw TakesNoValue(argument);
            options.Add(name);
            return found.Option.EndsParsing;
        }

        if (equals < 0 && found.Option.ValueIsOptional)
        {
            options.Add($"{name}={ValueMark}");
            return false;
        }

        if (equals < 0 && ++i == arguments.Count) throw CommandException.Usage($"{argument}: missing argument");
        string value = equals < 0 ? arguments[i] : argument[(equals + 1)..];
        if (found.Option.IsNumber) _ = NumberText.Parse(arguments[i], value);
        options.Add($"{name}={ValueMark}{value}");
        return false;
    }

    // The letter that takes a value ends its bundle: "-nve ssh", "-nvessh" and "-nve=ssh" are the same.
    private static bool AddShort(List<string> options, IReadOnlyList<string> arguments, ref int i)
    {
        string argument = arguments[i];
        for (int j = 1; j < argument.Length; j++)
        {
            if (argument[j] == '=' && j > 1) throw TakesNoValue(argument);
            string name = $"-{argument[j]}";
            if (!OptionTable.ByName.TryGetValue(name, out var found)) throw Unknown(argument);
            if (found.Option.ValueName is not null)
            {
                string attached = argument[(j + 1)..];
                if (attached.Length == 0 && ++i == arguments.Count) throw CommandException.Usage($"{argument}: missing argument");
                string value = attached.Length == 0 ? arguments[i] : attached[0] == '=' ? attached[1..] : attached;
                if (found.Option.IsNumber) _ = NumberText.Parse(arguments[i], value);
                if (j > 1) options.Add(argument[..j]);
                options.Add($"{name}={ValueMark}{value}");
                return false;
            }

            if (!found.Option.EndsParsing) continue;
            options.Add(argument[..(j + 1)]);
            return true;
        }

        options.Add(argument);
        return false;
    }

    private static CommandException Unknown(string argument) => CommandException.Usage($"{argument}: unknown option");

    private static CommandException TakesNoValue(string argument) =>
        CommandException.Usage($"{argument}: option does not take an argument");
}

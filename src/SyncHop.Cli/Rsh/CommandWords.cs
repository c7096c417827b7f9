using System.Text;

namespace SyncHop.Cli.Rsh;

/// <summary>Splits the value of <c>--rsh</c> into words.</summary>
internal static class CommandWords
{
    /// <summary>
    /// As rsync(1) describes it: words end at spaces; single or double quotes, also within a word, keep spaces; a
    /// doubled quote inside a string of the same kind is one quote; a backslash is an ordinary character.
    /// </summary>
    /// <exception cref="CommandException">A quote is not closed.</exception>
    public static List<string> Split(string command)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool inWord = false;
        char quote = '\0';
        for (int i = 0; i < command.Length; i++)
        {
            char c = command[i];
            if (quote == '\0' && c == ' ')
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
                continue;
            }

            inWord = true;
            if (c is not ('\'' or '"') || (quote != '\0' && c != quote)) word.Append(c);
            else if (quote == '\0') quote = c;
            else if (i + 1 < command.Length && command[i + 1] == quote) word.Append(command[i++]);
            else quote = '\0';
        }

        if (quote != '\0') throw CommandException.Usage("Missing trailing-" + quote + " in remote-shell command.");
        if (inWord) words.Add(word.ToString());
        return words;
    }
}

namespace SyncHop.Delta;

/// <summary>Makes a name from a foreign file safe for a one-line message.</summary>
internal static class PrintableName
{
    private const int Longest = 32;

    public static string Of(string name)
    {
        string shortened = name.Length > Longest ? string.Concat(name.AsSpan(0, Longest), "...") : name;
        return string.Create(shortened.Length, shortened, static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
                target[i] = char.IsAscii(source[i]) && !char.IsControl(source[i]) ? source[i] : '?';
        });
    }
}

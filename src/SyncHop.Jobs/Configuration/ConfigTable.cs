using Tomlyn.Syntax;

namespace SyncHop.Jobs.Configuration;

/// <summary>
/// A table of a job file whose keys are taken one by one, each as what it must be; what was not taken in the end is a mistake.
/// Every complaint has its line.
/// </summary>
/// <param name="file">The file's name, for complaints.</param>
/// <param name="line">The line the table begins in.</param>
internal sealed class ConfigTable(string file, int line)
{
    private readonly Dictionary<string, (object Value, int Line)> _values = new(StringComparer.Ordinal);
    private readonly List<string> _taken = [];
    private int? _heading; // The line of its heading; null where it has none, or is one of a list.

    /// <summary>The line the table begins in.</summary>
    public int Line { get; } = line;

    /// <summary>The keys, in no order.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>Adds what a key and a value say, with the tables on a dotted way.</summary>
    public void Add(KeyValueSyntax pair)
    {
        IReadOnlyList<string> way = WayOf(pair.Key!);
        ConfigTable table = Reach(way.SkipLast(1), LineOf(pair));
        if (!table._values.TryAdd(way[^1], (Convert(pair.Value!), LineOf(pair))))
            throw Complain(LineOf(pair), $"{way[^1]} is there twice; the first is in line {table.LineOf(way[^1])}");
    }

    /// <summary>The table that a heading names; made where it is missing.</summary>
    /// <param name="heading">The heading.</param>
    public ConfigTable Reach(TableSyntaxBase heading)
    {
        IReadOnlyList<string> way = WayOf(heading.Name!);
        if (heading is not TableArraySyntax)
        {
            ConfigTable single = Reach(way, LineOf(heading));
            if (single._heading is int first) throw Complain(LineOf(heading), $"[{string.Join('.', way)}] is there twice; the first is in line {first}");
            single._heading = LineOf(heading);
            return single;
        }
        ConfigTable parent = Reach(way.SkipLast(1), LineOf(heading));
        if (!parent._values.TryGetValue(way[^1], out (object Value, int Line) there)) parent._values[way[^1]] = there = (new List<object>(), LineOf(heading));
        if (there.Value is not List<object> list) throw Complain(LineOf(heading), $"{way[^1]} is no list of tables");
        ConfigTable table = new(file, LineOf(heading));
        list.Add(table);
        return table;
    }

    /// <summary>A text; null where there is none.</summary>
    public string? Text(string key) => Take(key) switch
    {
        null => null,
        (string text, int at) => text.Contains('\0', StringComparison.Ordinal) ? throw Complain(at, $"{key} has a NUL in it") : text,
        (_, int at) => throw Complain(at, $"{key} must be a text in quotes"),
    };

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string key) => Text(key) is { Length: > 0 } text ? text : throw Missing(key);

    /// <summary>A list of texts; null where there is none. A single text stands for itself.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        switch (Take(key))
        {
            case null:
                return null;
            case (string text, _):
                return [text];
            case (List<object> list, int at):
                return [.. list.Select(one => one as string ?? throw Complain(at, $"{key} must be a list of texts in quotes"))];
            case (_, int at):
                throw Complain(at, $"{key} must be a text or a list of texts");
        }
    }

    /// <summary>Whether a key's value is a list and not a single text.</summary>
    public bool IsList(string key) => _values.TryGetValue(key, out (object Value, int Line) found) && found.Value is List<object>;

    /// <summary>A whole number; null where there is none.</summary>
    public int? Number(string key, int smallest, int largest) => Take(key) switch
    {
        null => null,
        (long number, _) when number >= smallest && number <= largest => (int)number,
        (_, int at) => throw Complain(at, $"{key} must be a whole number from {smallest} to {largest}"),
    };

    /// <summary>true or false; null where there is none.</summary>
    public bool? Flag(string key) => Take(key) switch
    {
        null => null,
        (bool flag, _) => flag,
        (_, int at) => throw Complain(at, $"{key} must be true or false"),
    };

    /// <summary>A table; null where there is none.</summary>
    public ConfigTable? Table(string key) => Take(key) switch
    {
        null => null,
        (ConfigTable table, _) => table,
        (_, int at) => throw Complain(at, $"{key} must be a table"),
    };

    /// <summary>A list of tables; empty where there is none. A single table stands for itself.</summary>
    public IReadOnlyList<ConfigTable> Tables(string key)
    {
        switch (Take(key))
        {
            case null:
                return [];
            case (ConfigTable table, _):
                return [table];
            case (List<object> list, int at):
                return [.. list.Select(one => one as ConfigTable ?? throw Complain(at, $"{key} must be a list of tables"))];
            case (_, int at):
                throw Complain(at, $"{key} must be a table or a list of tables");
        }
    }

    /// <summary>The line of a key; that of the table where the key is missing.</summary>
    public int LineOf(string key) => _values.TryGetValue(key, out (object Value, int Line) found) ? found.Line : Line;

    /// <summary>Complains of the first key that nobody took.</summary>
    /// <exception cref="JobFileException">There is one.</exception>
    public void RejectOthers()
    {
        foreach ((string key, (_, int at)) in _values.OrderBy(static pair => pair.Value.Line))
        {
            if (!_taken.Contains(key)) throw Complain(at, $"unknown key {key}; known are {string.Join(", ", _taken.Order(StringComparer.Ordinal))}");
        }
    }

    /// <summary>A complaint about this file.</summary>
    public JobFileException Complain(int at, string message) => new(file, at, message);

    /// <summary>A complaint about a key.</summary>
    public JobFileException Complain(string key, string message) => Complain(LineOf(key), message);

    private JobFileException Missing(string key) => Complain(LineOf(key), _values.ContainsKey(key) ? $"{key} is empty" : $"{key} is missing");

    private (object Value, int Line)? Take(string key)
    {
        _taken.Add(key);
        return _values.TryGetValue(key, out (object Value, int Line) found) ? found : null;
    }

    private ConfigTable Reach(IEnumerable<string> way, int at)
    {
        ConfigTable table = this;
        foreach (string key in way)
        {
            if (!table._values.TryGetValue(key, out (object Value, int Line) there)) table._values[key] = there = (new ConfigTable(file, at), at);
            // A heading below [[list]] belongs to the last of the list.
            table = there.Value as ConfigTable ?? (there.Value as List<object>)?[^1] as ConfigTable ?? throw Complain(at, $"{key} is no table");
        }
        return table;
    }

    private object Convert(ValueSyntax value)
    {
        switch (value)
        {
            case StringValueSyntax text:
                return text.Value ?? "";
            case IntegerValueSyntax number:
                return number.Value;
            case BooleanValueSyntax flag:
                return flag.Value;
            case ArraySyntax array:
                return array.Items.Select(item => Convert(item.Value!)).ToList();
            case InlineTableSyntax inline:
                ConfigTable table = new(file, LineOf(inline));
                foreach (InlineTableItemSyntax item in inline.Items) table.Add(item.KeyValue!);
                return table;
            default:
                return value; // A date or a fraction: nothing that a job has.
        }
    }

    private static List<string> WayOf(KeySyntax key) =>
        [NameOf(key.Key!), .. key.DotKeys.Select(static item => NameOf(item.Key!))];

    private static string NameOf(BareKeyOrStringValueSyntax key) =>
        key is StringValueSyntax quoted ? quoted.Value ?? "" : ((BareKeySyntax)key).Key?.Text ?? "";

    private static int LineOf(SyntaxNode node) => node.Span.Start.Line + 1;
}

using System.Globalization;
using System.Text;

namespace SyncHop.Engine.Identities;

/// <summary>The pairs <c>FROM:TO</c> of <c>--usermap</c> or <c>--groupmap</c> (rsync(1)); the first whose FROM matches counts.</summary>
internal sealed class IdRules
{
    private readonly List<Rule> _rules = [];

    /// <summary>Reads the option's value.</summary>
    /// <param name="option"><c>usermap</c> or <c>groupmap</c>.</param>
    /// <param name="value">Its value, as raw bytes.</param>
    /// <param name="find">The id of a name on the receiving side; null when there is none.</param>
    /// <param name="unknown">Told of each name that the receiving side does not know; such a pair is left out.</param>
    /// <exception cref="SyncException">The value is not valid (exit code 1).</exception>
    public IdRules(string option, byte[] value, Func<byte[], uint?> find, Action<byte[]> unknown)
    {
        // From the last to the first, as rsync does, whose messages come in that order.
        foreach (byte[] pair in Enumerable.Reverse(Split(value)))
        {
            int colon = Array.IndexOf(pair, (byte)':');
            if (colon < 0) throw Invalid($"No colon found in --{option}: ", pair);
            byte[] from = pair[..colon], to = pair[(colon + 1)..];
            if (to.Length == 0) throw Invalid($"No name found after colon --{option}: ", pair);
            Rule rule = IsDigit(from) ? NumberRule(option, from) : new Rule(null, default, from);
            if (IsNumber(to)) _rules.Add(rule with { To = Number(to) });
            else if (find(to) is uint id) _rules.Add(rule with { To = id });
            else unknown(to);
        }
        _rules.Reverse();
    }

    /// <summary>Whether a rule looks at names.</summary>
    public bool NeedsNames => _rules.Exists(rule => rule.Name is not null);

    /// <summary>What an id becomes; null when no rule matches.</summary>
    /// <param name="id">The sender's id.</param>
    /// <param name="name">Its name on the sender; empty when it has none.</param>
    public uint? Map(uint id, ReadOnlySpan<byte> name)
    {
        foreach (Rule rule in _rules)
        {
            bool matches = rule.Name is null ? id >= rule.Low && id <= rule.High : NamePattern.Matches(rule.Name, name);
            if (matches) return rule.To;
        }
        return null;
    }

    private static Rule NumberRule(string option, byte[] from)
    {
        int dash = Array.IndexOf(from, (byte)'-');
        byte[] low = dash < 0 ? from : from[..dash], high = dash < 0 ? from : from[(dash + 1)..];
        if (!IsNumber(low) || !IsNumber(high)) throw Invalid($"Invalid number in --{option}: ", from);
        return new Rule(Number(low), Number(high), null);
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> value)
    {
        List<byte[]> pairs = [];
        foreach (Range range in value.Split((byte)',')) pairs.Add(value[range].ToArray());
        return pairs;
    }

    private static bool IsDigit(byte[] text) => text is [>= (byte)'0' and <= (byte)'9', ..];

    private static bool IsNumber(byte[] text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static uint Number(byte[] digits) =>
        uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) ? id : throw Invalid("Invalid ID number: ", digits);

    // The value is the user's own: what is not UTF-8 in it need not come back.
    private static SyncException Invalid(string text, byte[] value) => new(ExitCode.Usage, text + Encoding.UTF8.GetString(value));

    private sealed record Rule(uint? Low, uint High, byte[]? Name)
    {
        public uint To { get; init; }
    }
}

using System.Text.Json;

namespace SyncHop.Delta;

/// <summary>The string and integer members of a metadata object, by name without regard to case; all others are skipped.</summary>
internal sealed class MetadataReader
{
    private readonly FormatInput _input;
    private readonly Dictionary<string, string> _strings = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> _integers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the length-prefixed object.</summary>
    /// <exception cref="DeltaException">It is no JSON object.</exception>
    public MetadataReader(FormatInput input)
    {
        _input = input;
        try
        {
            Parse(input.ReadStringBytes("the metadata"));
        }
        // GetString throws InvalidOperationException for text that is no Unicode.
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw input.Malformed("the metadata is not a JSON object");
        }
    }

    /// <summary>A string member; null if it is absent or null.</summary>
    public string? Text(string name) => _strings.GetValueOrDefault(name);

    /// <summary>A string member that must be there.</summary>
    /// <exception cref="DeltaException">It is not.</exception>
    public string RequiredText(string name) =>
        Text(name) ?? throw _input.Malformed($"the metadata has no {name}");

    /// <summary>A length; null if it is absent or null.</summary>
    /// <exception cref="DeltaException">It is negative.</exception>
    public long? Length(string name)
    {
        if (!_integers.TryGetValue(name, out long value)) return null;
        return value >= 0 ? value : throw _input.Malformed($"{name} is negative");
    }

    /// <summary>A hash with the name of its function; null unless both are there.</summary>
    /// <exception cref="DeltaException">It is not base64, or has not the length that its function gives.</exception>
    public FileHash? Hash(string algorithmMember, string valueMember)
    {
        string? algorithm = Text(algorithmMember);
        string? encoded = Text(valueMember);
        if (string.IsNullOrEmpty(algorithm) || string.IsNullOrEmpty(encoded)) return null;
        byte[] value = new byte[(encoded.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(encoded, value, out int length)) throw _input.Malformed($"{valueMember} is not base64");
        FileHash hash = new(algorithm, value.AsMemory(0, length));
        if (hash.Algorithm is { } known && ContentHashes.Length(known) != length)
            throw _input.Malformed($"{valueMember} has {length} bytes, which is not the length of {ContentHashes.Name(known)}");
        return hash;
    }

    private void Parse(byte[] json)
    {
        Utf8JsonReader reader = new(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
                _strings[name] = reader.GetString()!;
            else if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long value))
                _integers[name] = value;
            else
                reader.Skip();
        }
        // Fails on anything behind the object.
        if (reader.Read()) throw new JsonException();
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace SyncHop.EndToEnd.Harness;

/// <summary>Checks values against a JSON Schema (draft 2020-12), with the keywords that docs/report.schema.json uses; any other is an error.</summary>
internal sealed class JsonSchema(string text)
{
    private readonly JsonElement root = JsonDocument.Parse(text).RootElement;

    /// <summary>What is wrong with the value; null when nothing is.</summary>
    public string? Fault(JsonElement value) => Fault(root, value, "");

    private string? Fault(JsonElement schema, JsonElement value, string at)
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            string? fault = keyword.Name switch
            {
                "$schema" or "$defs" or "title" or "description" or "additionalProperties" => null,
                "$ref" => Fault(Definition(keyword.Value.GetString()!), value, at),
                "oneOf" => OneOf(keyword.Value, value, at),
                "const" => JsonElement.DeepEquals(keyword.Value, value) ? null : $"{at}: not {keyword.Value}",
                "enum" => keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)) ? null : $"{at}: {value} is none of {keyword.Value}",
                "type" => IsType(keyword.Value.GetString()!, value) ? null : $"{at}: {value} is no {keyword.Value}",
                "minimum" => value.GetDouble() >= keyword.Value.GetDouble() ? null : $"{at}: {value} is less than {keyword.Value}",
                "maximum" => value.GetDouble() <= keyword.Value.GetDouble() ? null : $"{at}: {value} is more than {keyword.Value}",
                "pattern" => Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!) ? null : $"{at}: {value} is not like {keyword.Value}",
                "items" => value.EnumerateArray().Select((item, i) => Fault(keyword.Value, item, $"{at}/{i}")).FirstOrDefault(found => found is not null),
                "required" => keyword.Value.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _))
                    .Select(name => $"{at}: {name} is missing").FirstOrDefault(),
                "properties" => Properties(keyword.Value, schema.GetProperty("additionalProperties").GetBoolean(), value, at),
                _ => throw new NotSupportedException($"the keyword {keyword.Name}"),
            };
            if (fault is not null) return fault;
        }
        return null;
    }

    private string? Properties(JsonElement properties, bool others, JsonElement value, string at)
    {
        foreach (JsonProperty member in value.EnumerateObject())
        {
            string place = $"{at}/{member.Name}";
            bool known = properties.TryGetProperty(member.Name, out JsonElement schema);
            string? fault = known ? Fault(schema, member.Value, place) : others ? null : $"{place}: unknown";
            if (fault is not null) return fault;
        }
        return null;
    }

    private string? OneOf(JsonElement schemas, JsonElement value, string at)
    {
        List<string?> faults = [.. schemas.EnumerateArray().Select(schema => Fault(schema, value, at))];
        int matches = faults.Count(fault => fault is null);
        return matches == 1 ? null : $"{at}: matches {matches} of the schemas: {string.Join("; ", faults)}";
    }

    private JsonElement Definition(string reference) => root.GetProperty("$defs").GetProperty(reference["#/$defs/".Length..]);

    private static bool IsType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => throw new NotSupportedException($"the type {type}"),
    };
}

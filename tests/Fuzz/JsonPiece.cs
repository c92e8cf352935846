using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;

namespace SlaMonitor.Fuzz;

/// <summary>
/// JSON as somebody may write it rather than as it should be: names may stand twice, leaves are text as it is, and characters of
/// <see cref="Byte"/> become single bytes, so that a value can hold what is no UTF-8.
/// </summary>
internal sealed class JsonPiece
{
    private const char FirstByte = '\uF700';

    private JsonPiece(string? raw, List<(string Name, JsonPiece Value)>? members, List<JsonPiece>? items) => (Raw, Members, Items) = (raw, members, items);

    /// <summary>The text of a leaf; null: it is none.</summary>
    public string? Raw { get; private set; }

    /// <summary>The fields of an object, names as they stand between the quotes; null: it is none.</summary>
    public List<(string Name, JsonPiece Value)>? Members { get; private set; }

    /// <summary>The members of a list; null: it is none.</summary>
    public List<JsonPiece>? Items { get; private set; }

    /// <summary>True for a leaf that is a text.</summary>
    public bool IsText => Raw is ['"', ..];

    /// <summary>A byte, which must not be ASCII, as a character of a leaf.</summary>
    public static char Byte(byte value) => (char)(FirstByte + value);

    /// <summary>A leaf, written as given.</summary>
    public static JsonPiece Leaf(string raw) => new(raw, null, null);

    /// <summary>A text.</summary>
    public static JsonPiece Text(string text) => Leaf(JsonValue.Create(text).ToJsonString());

    /// <summary>An object.</summary>
    public static JsonPiece Object(params List<(string Name, JsonPiece Value)> members) => new(null, members, null);

    /// <summary>A list.</summary>
    public static JsonPiece List(params List<JsonPiece> items) => new(null, null, items);

    /// <summary>The same as a node.</summary>
    public static JsonPiece Of(JsonNode? node) => node switch
    {
        JsonObject fields => Object([.. fields.Select(f => (f.Key, Of(f.Value)))]),
        JsonArray items => List([.. items.Select(Of)]),
        _ => Leaf(node?.ToJsonString() ?? "null"),
    };

    /// <summary>Becomes a copy of another.</summary>
    public void Become(JsonPiece other) => (Raw, Members, Items) = (other.Raw, other.Members?.ConvertAll(m => (m.Name, m.Value.Copy())), other.Items?.ConvertAll(i => i.Copy()));

    /// <summary>One of its own, all the way down.</summary>
    public JsonPiece Copy()
    {
        var copy = Leaf("");
        copy.Become(this);
        return copy;
    }

    /// <summary>The field of a name, the first where there are several.</summary>
    public JsonPiece? Find(string name) => Members?.Find(m => m.Name == name).Value;

    /// <summary>Sets or adds a field.</summary>
    public void Set(string name, JsonPiece value)
    {
        if (Members is null)
            return;
        Members.RemoveAll(m => m.Name == name);
        Members.Add((name, value));
    }

    /// <summary>Itself and all that is in it.</summary>
    public IEnumerable<JsonPiece> All() => new[] { this }.Concat((Members?.Select(m => m.Value) ?? Items ?? []).SelectMany(p => p.All()));

    /// <summary>As it goes over the wire.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        WriteTo(text);
        return Encode(text.ToString());
    }

    /// <summary>Text as bytes, with the characters that stand for bytes.</summary>
    public static byte[] Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange((char)(FirstByte + 0x80), (char)(FirstByte + 0xff)))
            return Encoding.UTF8.GetBytes(text);
        var buffer = new ArrayBufferWriter<byte>(text.Length + 16);
        var from = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < (char)(FirstByte + 0x80) or > (char)(FirstByte + 0xff))
                continue;
            Encoding.UTF8.GetBytes(text.AsSpan(from, i - from), buffer);
            buffer.Write([(byte)(text[i] - FirstByte)]);
            from = i + 1;
        }

        Encoding.UTF8.GetBytes(text.AsSpan(from), buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        WriteTo(text);
        return text.ToString();
    }

    private void WriteTo(StringBuilder text)
    {
        if (Raw is not null)
        {
            text.Append(Raw);
            return;
        }

        text.Append(Members is null ? '[' : '{');
        var first = true;
        foreach (var (name, value) in Members ?? Items!.ConvertAll(i => ("", i)))
        {
            if (!first)
                text.Append(',');
            first = false;
            if (Members is not null)
                text.Append('"').Append(name).Append("\":");
            value.WriteTo(text);
        }

        text.Append(Members is null ? ']' : '}');
    }
}

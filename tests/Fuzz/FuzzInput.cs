using System.Text;

namespace SlaMonitor.Fuzz;

/// <summary>How events are put into one body.</summary>
internal enum Framing
{
    /// <summary>One object.</summary>
    Single,

    /// <summary>A list of them.</summary>
    Batch,

    /// <summary>One a line.</summary>
    Lines,
}

/// <summary>One body as it is sent, and how it came to be.</summary>
/// <param name="Number">Its number; with the seed it makes the same again.</param>
/// <param name="Events">Events the body was made of.</param>
/// <param name="Body">The bytes.</param>
/// <param name="ContentType">What is said of them; null: nothing.</param>
/// <param name="ContentEncoding">How they are said to be packed; null: not.</param>
/// <param name="Mutations">What was done to it, in order.</param>
internal sealed record FuzzInput(long Number, int Events, byte[] Body, string? ContentType, string? ContentEncoding, IReadOnlyList<string> Mutations)
{
    /// <summary>For whoever has to find the fault.</summary>
    public string Describe()
    {
        var text = Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 1500)));
        return $"input {Number}: {(Mutations.Count == 0 ? "as it should be" : string.Join(", ", Mutations))}; {ContentType ?? "no content type"}{(ContentEncoding is null ? "" : $", {ContentEncoding}")}, {Body.Length} bytes\n{text}";
    }
}

/// <summary>Something that must not happen, with the input that makes it happen.</summary>
internal sealed record Finding(ulong Seed, FuzzInput Input, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"seed {Seed}, {Input.Describe()}\n=> {What}";
}

/// <summary>Makes the inputs of a seed: of a number always the same one.</summary>
/// <param name="seed">Which.</param>
/// <param name="lines">Whether events are also sent one a line.</param>
internal sealed class FuzzInputs(ulong seed, bool lines)
{
    private const string One = "application/cloudevents+json";
    private const string Several = "application/cloudevents-batch+json";

    /// <summary>The seed.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>The body of a number.</summary>
    /// <param name="number">Which.</param>
    /// <param name="salt">Makes the ids other ones, so that the same body can be sent as if for the first time.</param>
    /// <param name="only">The only one of its mutations to be done, by its place; null: all.</param>
    public FuzzInput Make(long number, string salt = "", int? only = null)
    {
        var random = RandomOf(Seed, (ulong)number);
        var framing = (Framing)random.Next(lines ? 3 : 2);
        var events = Events(random, number, salt, framing == Framing.Single ? 1 : random.Next(5));
        var done = new List<string>();
        var planned = Planned(random);
        for (var i = 0; i < planned.Count; i++)
        {
            var (mutation, own) = planned[i];
            if (mutation.Tree is null || (only is not null && only != i))
                continue;
            mutation.Tree(new Mutated(new Random(own), events));
            done.Add(mutation.Name);
        }

        var envelope = new Envelope(Body(events, framing), framing switch { Framing.Single => One, Framing.Batch => Several, _ => "application/x-ndjson" }, null);
        for (var i = 0; i < planned.Count; i++)
        {
            var (mutation, own) = planned[i];
            if (mutation.Bytes is null || (only is not null && only != i))
                continue;
            envelope = mutation.Bytes(new Random(own), envelope);
            done.Add(mutation.Name);
        }

        return new FuzzInput(number, events.Count, envelope.Body, envelope.ContentType, envelope.ContentEncoding, done);
    }

    /// <summary>An event there is nothing wrong with, always the same one.</summary>
    public static JsonPiece Anchor(string id) => JsonPiece.Object(
        ("specversion", JsonPiece.Text("1.0")), ("type", JsonPiece.Text("case_received")), ("source", JsonPiece.Text("fuzz/anchor")), ("id", JsonPiece.Text(id)), ("subject", JsonPiece.Text("case/anchor")),
        ("time", JsonPiece.Text("2026-03-02T09:30:00+08:00")), ("centre", JsonPiece.Text(SampleHall.Centre)), ("data", JsonPiece.Object(("item", JsonPiece.Text(SampleHall.Items[0])))));

    /// <summary>Random numbers that depend on a seed and a number alone.</summary>
    public static Random RandomOf(ulong seed, ulong number)
    {
        // SplitMix64: neighbouring numbers must not give neighbouring inputs.
        var mixed = (seed * 0x9E3779B97F4A7C15) + (number * 0xBF58476D1CE4E5B9);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return new Random((int)((mixed ^ (mixed >> 31)) & int.MaxValue));
    }

    private List<JsonPiece> Events(Random random, long number, string salt, int count)
    {
        var good = new GoodEvents(random);
        // Few cases, so that facts meet facts.
        return [.. Enumerable.Range(0, count).Select(i => JsonPiece.Of(good.Next($"{Seed:x}{salt}-{number}-{i}", $"case/{salt}{random.Next(300)}")))];
    }

    private static List<(Mutation Mutation, int Own)> Planned(Random random)
    {
        var count = random.Next(10) switch { 0 or 1 => 0, < 7 => 1, < 9 => 2, _ => 4 };
        return [.. Enumerable.Range(0, count).Select(_ => (Mutations.Pick(random), random.Next()))];
    }

    private static byte[] Body(List<JsonPiece> events, Framing framing) => framing switch
    {
        Framing.Single when events.Count > 0 => events[0].ToBytes(),
        Framing.Lines => [.. events.SelectMany(e => e.ToBytes().Append((byte)'\n'))],
        _ => JsonPiece.List([.. events]).ToBytes(),
    };
}

/// <summary>A body with what is said of it.</summary>
internal sealed record Envelope(byte[] Body, string? ContentType, string? ContentEncoding);

/// <summary>The events a mutation may change.</summary>
internal sealed class Mutated(Random random, List<JsonPiece> events)
{
    /// <summary>Draws.</summary>
    public Random Random { get; } = random;

    /// <summary>The events.</summary>
    public List<JsonPiece> Events { get; } = events;

    /// <summary>One of the events; one that is thrown away where there is none.</summary>
    public JsonPiece Event => Events.Count == 0 ? JsonPiece.Object() : Events[Random.Next(Events.Count)];

    /// <summary>Any object.</summary>
    public JsonPiece Holder() => Pick(Event.All().Where(p => p.Members is { Count: > 0 })) ?? JsonPiece.Object(("a", JsonPiece.Leaf("1")));

    /// <summary>Any value, of an envelope or of its data alike.</summary>
    public JsonPiece Value() => Pick(Event.All().Skip(1)) ?? JsonPiece.Leaf("1");

    /// <summary>The values of an event without those that are its own name, which answers repeat.</summary>
    public List<JsonPiece> Nameless()
    {
        var one = Event;
        return [.. one.All().Skip(1).Where(p => p.Raw is not null && p != one.Find("id") && p != one.Find("subject"))];
    }

    /// <summary>One of some; null: none.</summary>
    public T? Pick<T>(IEnumerable<T> some) => some.ToList() is { Count: > 0 } all ? all[Random.Next(all.Count)] : default;
}

/// <summary>One way to spoil an input: its events, or its bytes and what is said of them.</summary>
internal sealed record Mutation(string Name, Action<Mutated>? Tree, Func<Random, Envelope, Envelope>? Bytes);

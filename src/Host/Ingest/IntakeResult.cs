using System.Text.Json.Serialization;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest;

/// <summary>One item of a request: the event when it could be read, its id where it has one, what is wrong with it, and its line where items stand on lines.</summary>
internal sealed record IncomingItem(WireEvent? Event, string? Id, IReadOnlyList<Fault> Faults, long? Line = null);

/// <summary>A fault of one item of a request: its number from 0, its line from 1 where items stand on lines, its id where it has one, the field and the remedy.</summary>
internal sealed record ItemFault(int Item, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Line, string? Id, string Field, string Reason);

/// <summary>What became of a request.</summary>
internal abstract record IntakeResult
{
    private IntakeResult()
    {
    }

    /// <summary>All of it is committed.</summary>
    public sealed record Stored(long Appended, long Duplicates, long? Position) : IntakeResult
    {
        /// <summary>This and what was stored next.</summary>
        public Stored And(Stored next) => new(Appended + next.Appended, Duplicates + next.Duplicates, next.Position ?? Position);
    }

    /// <summary>Nothing of it is stored, but for what was stored before others took one of its ids.</summary>
    /// <param name="Faults">What is wrong, in order.</param>
    /// <param name="Items">How many items are faulty.</param>
    /// <param name="More">True: there were so many that the rest was not looked at.</param>
    /// <param name="Malformed">False: all that is wrong is that events contradict what was recorded under their id, or belong to archived streams.</param>
    public sealed record Refused(IReadOnlyList<ItemFault> Faults, int Items, bool More, bool Malformed) : IntakeResult
    {
        /// <summary>What was stored before it was refused; null: nothing.</summary>
        public Stored? Before { get; init; }
    }
}

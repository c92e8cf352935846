using System.Text.Json.Nodes;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Catalogues;

/// <summary>
/// Entries of a file's lists that name one of its base by <c>base</c>: their fields are laid over it and the rest of it stays, so that a hall gives a commitment a target of its own without writing all of it again.
/// </summary>
internal static class LaidOver
{
    private const string Named = "base";

    /// <summary>Lays such entries over those below and takes them out of the file.</summary>
    /// <param name="below">What the file builds on; null: nothing.</param>
    /// <param name="content">The file's own content, of which <c>base</c> itself is gone.</param>
    /// <param name="place">Where a field of it stands.</param>
    /// <returns>What is wrong with them; those stay where they are.</returns>
    public static IReadOnlyList<Fault> Take(JsonObject? below, JsonObject content, Func<string, Place?> place)
    {
        List<Fault> faults = [];
        foreach (var (list, value) in content)
        {
            if (value is not JsonArray entries)
                continue;
            var taken = new HashSet<string>(entries.Select(CatalogueFiles.IdOf).OfType<string>(), StringComparer.Ordinal);
            var laid = new List<(JsonObject Under, JsonObject Entry)>();
            for (var i = 0; i < entries.Count; i++)
            {
                if (entries[i] is not JsonObject entry || !entry.ContainsKey(Named))
                    continue;
                var under = Under(below?[list] as JsonArray, entry, taken, out var reason);
                if (under is not null)
                    laid.Add((under, entry));
                else
                    faults.Add(new Fault($"{place($"{list}[{i}].{Named}")}: {list}[{i}].{Named}", reason));
            }

            foreach (var (under, entry) in laid)
            {
                entries.Remove(entry);
                Lay(under, entry);
            }
        }

        return faults;
    }

    private static JsonObject? Under(JsonArray? below, JsonObject entry, HashSet<string> taken, out string reason)
    {
        reason = "";
        if (CatalogueFiles.IdOf(entry) is not null)
            reason = "stands beside an id of its own; leave one of them out: base changes an entry of the file's base, id is one of the file itself";
        else if (entry[Named] is not JsonValue text || !text.TryGetValue<string>(out var id))
            reason = "is not the id of an entry of the file's base; give it as text";
        else if (below?.FirstOrDefault(b => CatalogueFiles.IdOf(b) == id) is not JsonObject found)
            reason = $"names '{id}', which {(below is null ? "no base of this file has: there is none, or it has no such list" : "the file's base does not have")}; correct the id, or write id and all fields for an entry of the file itself";
        else if (!taken.Add(id))
            reason = $"names '{id}', which stands in this list a second time; say all of it in one entry";
        else
            return found;
        return null;
    }

    private static void Lay(JsonObject under, JsonObject entry)
    {
        foreach (var (field, _) in entry.ToArray())
        {
            entry.Remove(field, out var value);
            // A field with nothing in it takes nothing away.
            if (field != Named && value is not null)
                under[field] = value;
        }
    }
}

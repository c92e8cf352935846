using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Notifications;

/// <summary>Looks whether what targets are to be told of is in any catalogue: a slip in the file would be silence.</summary>
internal static class TargetCheck
{
    /// <summary>A line for each centre and commitment that no catalogue here knows, in whatever version.</summary>
    public static async Task<IReadOnlyList<string>> UnknownAsync(NotificationPlan plan, Centres centres, CancellationToken ct)
    {
        if (plan.Targets.Count == 0)
            return [];
        var known = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var centre in await centres.AllAsync(ct))
            known[centre] = [.. (await centres.CatalogueOfAsync(centre, ct))!.Versions.SelectMany(v => v.Commitments).Select(c => c.Id)];
        return [.. plan.Targets.SelectMany(t => Of(t, known))];
    }

    private static IEnumerable<string> Of(NotificationTarget target, Dictionary<string, HashSet<string>> known)
    {
        foreach (var centre in target.Centres.Where(c => !known.ContainsKey(c)))
            yield return $"the target {target.Id} is told of the centre '{centre}', which has no catalogue here; nothing will come of it until there is one";
        var told = known.Where(k => target.Centres.Count == 0 || target.Centres.Contains(k.Key)).SelectMany(k => k.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var commitment in target.Commitments.Where(c => !told.Contains(c)))
            yield return $"the target {target.Id} is told of the commitment '{commitment}', which no catalogue of its centres knows; nothing will come of it until one does";
    }
}

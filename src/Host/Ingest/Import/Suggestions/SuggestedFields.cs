using System.Globalization;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>What a receipt says of its case, as lines of YAML with what to look at.</summary>
/// <param name="found">What the columns are taken for.</param>
/// <param name="known">The centre's catalogue, whose codes are looked up by their names; null: it is not known.</param>
internal sealed class SuggestedFields(Suggestion found, Catalogue? known)
{
    // The national codes: 1 window, 2 PC, 3 mobile, 4 courier, 9 other.
    private static readonly (int Code, string[] Words)[] Channels =
    [
        (1, ["desk", "counter", "window", "in person", "walk", "窗口", "现场", "大厅"]),
        (3, ["app", "mobile", "wechat", "手机", "微信", "小程序", "掌上"]),
        (2, ["internet", "web", "online", "self service", "portal", "网"]),
        (4, ["post", "courier", "letter", "邮", "快递"]),
    ];

    public IEnumerable<string> OfReceipt()
    {
        yield return Coded("item", FieldRole.Item) ?? "item: { value: FILL-IN }  # no column sounds like the service item: give the one of the catalogue, or { from: column }";
        if (Coded("window", FieldRole.Window) is { } window)
            yield return window;
        if (found.Of(FieldRole.Staff) is { } staff)
            yield return $"# staff: {{ from: {YamlText.Of(staff.Name)} }}  # left out: take it in only if it holds codes; names of persons do not belong in the log";
        if (found.Of(FieldRole.Channel) is { } channel)
            yield return ChannelOf(channel);
        if (found.Of(FieldRole.Priority) is { } priority)
            yield return $"priority: {{ from: {YamlText.Of(priority.Name)} }}  # {(priority.Shown is { } shown ? $"seen: {YamlText.Names(shown)}; as" : "as")} the limits of the catalogue name it";
        if (found.Of(TimeRole.Deadline) is { } deadline)
            yield return $"given: {{ deadline: {{ from: {YamlText.Of(deadline.Name)}, as: time }} }}  # sounds like what was promised; a commitment counts it with limit: {{ given: given.deadline }}";
    }

    /// <summary>A field whose values are codes of the catalogue; null: no column for it.</summary>
    private string? Coded(string field, FieldRole role)
    {
        if (found.Of(role) is not { } column)
            return null;
        var name = YamlText.Of(column.Name);
        List<(string, Names)> codes = known is null ? [] : role == FieldRole.Item ? [.. known.Items.Values.Select(i => (i.Id, i.Names))] : [.. known.Windows.Select(w => (w.Key, w.Value))];
        if (codes.Count > 0)
            return $"{field}: {{ from: {name}{Looked(field, column, codes)}";
        if (column.Shown is not { } values)
            return string.Create(CultureInfo.InvariantCulture, $"{field}: {{ from: {name} }}  # {column.Values.Count:N0} different values; each must be one of the {field}s of the catalogue; or give map: {{ value: code }}");
        return $"{field}: {{ from: {name}, map: {{ {string.Join(", ", values.Select(v => $"{YamlText.Of(v)}: {YamlText.Of(v)}"))} }} }}  # right of each colon: the catalogue's code";
    }

    /// <summary>The rest of a line with codes looked up. What is the name of an item is no secret, so it is shown where other values are not.</summary>
    private static string Looked(string field, ColumnProfile column, List<(string, Names)> codes)
    {
        var (rows, near, left) = (new List<string>(), new List<string>(), 0);
        foreach (var value in column.Values.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Key))
        {
            var code = NearestCode.Named(value, codes);
            if (code is null && column.Shown is not null)
            {
                code = NearestCode.Of(value, codes) is var (nearest, _) ? nearest : UnfilledPlaces.Mark;
                near.Add(value);
            }

            if (code is null)
                left++;
            else
                rows.Add($"{YamlText.Of(value)}: {YamlText.Of(code)}");
        }

        var all = rows.Count == 0 ? "" : $", map: {{ {string.Join(", ", rows)} }}";
        return $"{all} }}  # right of each colon: the catalogue's code, by its name{(near.Count > 0 ? $". CHECK, as no {field} bears quite that name: {YamlText.Names(near)}" : "")}"
            + (left > 0 ? string.Create(CultureInfo.InvariantCulture, $". CHECK: {left:N0} more values, not shown here, are the name of no {field}; add them") : "");
    }

    private static string ChannelOf(ColumnProfile column)
    {
        if (column.Shown is not { } values)
            return $"# channel: {{ from: {YamlText.Of(column.Name)}, map: {{ … }}, otherwise: 9 }}  # too many different values to list; 1 window, 2 PC, 3 mobile, 4 courier, 9 other";
        return $"channel: {{ from: {YamlText.Of(column.Name)}, map: {{ {string.Join(", ", values.Select(v => $"{YamlText.Of(v)}: {CodeOf(v)}"))} }}, otherwise: 9 }}  # 1 window, 2 PC, 3 mobile, 4 courier, 9 other. CHECK";
    }

    private static int CodeOf(string value) =>
        Channels.FirstOrDefault(c => c.Words.Any(w => w[0] > 0x2E7F ? value.Contains(w, StringComparison.Ordinal) : $" {value}".Contains($" {w}", StringComparison.OrdinalIgnoreCase))) is { Code: > 0 } known ? known.Code : 9;
}

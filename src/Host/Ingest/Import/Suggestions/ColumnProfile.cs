using System.Globalization;
using System.Text.RegularExpressions;

namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>What the sample shows of one attribute.</summary>
/// <param name="Name">The column or key.</param>
/// <param name="OfTrace">True when it belongs to the case as a whole by its format (an XES trace).</param>
/// <param name="Present">Records that have a value.</param>
/// <param name="Values">The distinct values with how often each stands there.</param>
/// <param name="Time">How they are times; null: they are not.</param>
/// <param name="Absent">Words found that mean no value.</param>
internal sealed partial record ColumnProfile(string Name, bool OfTrace, int Present, IReadOnlyDictionary<string, int> Values, TimeShape? Time, IReadOnlyCollection<string> Absent)
{
    private const int MostShown = 30;
    private const int LongestShown = 60;
    private const int MostNamed = 60;

    // The hundred commonest surnames cover six people in seven.
    private const string Surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔汤";

    /// <summary>True when its values are the same within every case of the sample.</summary>
    public bool OfCase { get; init; }

    /// <summary>True when it names persons or is free text, by its name or by its values.</summary>
    public bool IsPersonal => ColumnWords.IsPersonal(Name) || (Time is null && (LooksLikeNames || Values.Keys.Any(v => PersonalValue().IsMatch(v))));

    /// <summary>
    /// The values, where they may be shown: few, short, each used for several records, and about no person. Whoever pastes a
    /// suggestion into a mail must not give away a citizen with it.
    /// </summary>
    public IReadOnlyList<string>? Shown =>
        !IsPersonal && Time is null && Values.Count <= MostShown && Present >= 2 * Values.Count && Values.Keys.All(v => v.Length <= LongestShown)
            ? [.. Values.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Key)]
            : null;

    /// <summary>True when a row that should be a header holds times, numbers of persons, or numbers for the most part.</summary>
    public static bool LooksLikeData(IReadOnlyList<string> row) =>
        row.Any(v => PersonalValue().IsMatch(v) || TimeShape.Of("time", [v], false) is { Unread: 0 }) || row.Count(v => decimal.TryParse(v, CultureInfo.InvariantCulture, out _)) * 2 > row.Count;

    /// <summary>The names of the columns for a message; nothing where the row may be a record.</summary>
    public static string NamesOf(IReadOnlyList<string> row)
    {
        var names = row.Where(n => n.Length > 0).ToList();
        if (names.Count == 0 || LooksLikeData(row) || names.Exists(n => n.Length > LongestShown || (LooksLikeName(n) && !ColumnWords.Knows(n))))
            return "";
        return $"; it has {YamlText.Names(names.Take(MostNamed))}{(names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "")}";
    }

    private bool LooksLikeNames => Values.Count > 0 && Values.Keys.Count(LooksLikeName) >= Values.Count * 0.8;

    private static bool LooksLikeName(string text) => text.Length is 2 or 3 && Surnames.Contains(text[0], StringComparison.Ordinal) && text.All(c => c > 0x2E7F);

    // An address of mail, a mobile number, an identity number.
    [GeneratedRegex(@"@|(^|\D)1[3-9]\d{9}($|\D)|(^|\D)\d{17}[\dXx]($|\D)")]
    private static partial Regex PersonalValue();
}

using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Watch.Rules;

/// <summary>
/// The files Prometheus and Alertmanager read, made from catalogues. The same catalogues make the same files whenever they are made: no clock is asked which year it is; the last year whose dates the centre's calendar knows is.
/// </summary>
/// <param name="Links">What alerts lead to.</param>
/// <param name="Year">Dates from this year on, and the targets in force when it begins; null: the last year of each centre's calendar.</param>
internal sealed partial record RuleFiles(WatchLinks Links, int? Year)
{
    /// <summary>The folder of the rules.</summary>
    public const string Folder = "prometheus/rules";

    private static readonly string[] Generated = ["Do not edit: change what it is made from and make it again, or put rules of your own into a file beside it."];

    /// <summary>How the head of every file begins: what begins otherwise is somebody's own.</summary>
    public const string Head = "# Made by sla rules";

    /// <summary>Each file's place below the folder, and its text.</summary>
    /// <exception cref="ArgumentException">A centre's id can be no file's name.</exception>
    public IReadOnlyList<(string Path, string Text)> Make(IReadOnlyList<CatalogueFile> catalogues, ReceiversFile receivers) =>
    [
        .. catalogues.Select(c => ($"{Folder}/{NameOf(c)}.rules.yml", OfCentre(c))),
        ($"{Folder}/pipeline.rules.yml", YamlText.Write(Groups(Group("sla-pipeline", [], new PipelineRules(Links).All())), [$"Made by sla rules; the same for every centre.", .. Generated])),
        ($"{Folder}/probes.rules.yml", YamlText.Write(Groups(Group("sla-probes", [], [new ProbeRules(Links).ServiceDown()])), [$"Made by sla rules; the same for every service.", .. Generated])),
        ("alertmanager/alertmanager.yml", YamlText.Write(AlertmanagerFile.Of([.. catalogues.Select(c => (c.Catalogue.Centre, HoursOf(c)))], receivers), [$"Made by sla rules from {string.Join(", ", catalogues.Select(c => c.Name))}.", .. Generated])),
        ("alertmanager/templates/sla.tmpl", Template()),
    ];

    /// <summary>The files of a folder that were made for a centre whose catalogue is not given any more: Prometheus would go on with its alerts.</summary>
    public static IEnumerable<string> Leftovers(string folder, IEnumerable<string> made)
    {
        var rules = new DirectoryInfo(Path.Combine(folder, Folder));
        var kept = made.Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        return !rules.Exists ? [] : [.. rules.EnumerateFiles("*.rules.yml").Where(f => f.LinkTarget is null && !kept.Contains(f.FullName) && (File.ReadLines(f.FullName).FirstOrDefault() ?? "").StartsWith(Head, StringComparison.Ordinal))
            .Select(f => Path.Combine(folder, Folder, f.Name)).Order(StringComparer.Ordinal)];
    }

    /// <summary>What a centre's file is called. An id can be any text; a file's name must neither lead out of the folder nor be another's.</summary>
    private static string NameOf(CatalogueFile file)
    {
        var id = file.Catalogue.Centre;
        var hindrance = !FileName().IsMatch(id) ? "can be no file's name" : id.ToUpperInvariant() is "PIPELINE" or "PROBES" ? "is the name of a file that is the same for all centres" : null;
        return hindrance is null ? id : throw new ArgumentException($"{file.Name}: centre.id {YamlText.Quoted(id)} {hindrance}; give an id of at most 64 letters, digits, '-', '_' and '.', not with a '.' at its start, and neither pipeline nor probes");
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}_-][\p{L}\p{Nd}._-]{0,63}\z")]
    private static partial Regex FileName();

    private string OfCentre(CatalogueFile file)
    {
        var (catalogue, groups) = (file.Catalogue, new List<JsonObject>());
        groups.Add(Group($"sla-{catalogue.Centre}", RecordedFigures.Of(catalogue.Centre), new CommitmentRules(catalogue, Links).All().Concat(new ServiceRules(catalogue, Links, On(file)).All())));
        return YamlText.Write(Groups([.. groups]), [$"Made by sla rules from {file.Name}, version {catalogue.Version}.", .. Generated]);
    }

    private static JsonObject Groups(params JsonObject[] groups) => new() { ["groups"] = new JsonArray([.. groups]) };

    private JsonObject Group(string name, IEnumerable<RecordingRule> figures, IEnumerable<AlertRule> alerts) =>
        new() { ["name"] = name, ["rules"] = new JsonArray([.. figures.Select(f => f.ToJson()), .. alerts.Select(a => a.ToJson(Links))]) };

    private static Calendar CalendarOf(CatalogueFile file) => file.Catalogue.Calendars[file.Content["centre"]!["calendar"]!.GetValue<string>()];

    private int YearOf(CatalogueFile file) => Year ?? QuietHours.LastYear(CalendarOf(file).Definition) ?? 1;

    private QuietHours HoursOf(CatalogueFile file) => new(file.Catalogue.Centre, CalendarOf(file).Definition, YearOf(file));

    private Instant On(CatalogueFile file) => Instant.Max(file.Catalogue.EffectiveFrom, ServiceHistory.StartOf(new LocalDate(YearOf(file), 1, 1), file.Catalogue.Zone));

    private static string Template()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("sla.tmpl")!);
        return reader.ReadToEnd();
    }
}

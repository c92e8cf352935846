using System.CommandLine;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Watch;
using SlaMonitor.Host.Watch.Rules;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla rules</c>: what Prometheus and Alertmanager have to know of a catalogue.</summary>
internal static class RulesCommand
{
    private static readonly string[] Shipped = ["service-hall.yaml", "it-services.yaml"];

    public static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = $"Catalogue files, one for each centre that is watched; default: {string.Join(" and ", Shipped)} as shipped", Arity = ArgumentArity.ZeroOrMore };
        var output = new Option<string>("--out") { Description = "The folder the files are written below: prometheus/rules and alertmanager", DefaultValueFactory = _ => "dashboards" };
        var url = new Option<string>("--url") { Description = "The address of SlaMonitor, for the links of alerts", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
        var grafana = new Option<string>("--grafana") { Description = "The address of Grafana, for the links of alerts", DefaultValueFactory = _ => "http://127.0.0.1:3000" };
        var runbooks = new Option<string>("--runbooks") { Description = "Where the document with a section for each alert is", DefaultValueFactory = _ => "docs/alerts.md" };
        var receivers = new Option<string?>("--receivers") { Description = "Whom to tell: a YAML file with Alertmanager's receivers named page and ticket (or page-CENTRE and ticket-CENTRE), and global and routes if need be; default: alertmanager/receivers.yml below --out, where it is there" };
        var year = new Option<int?>("--year") { Description = "Holidays from this year on, and the targets in force when it begins; default: the last year whose dates the calendar of the centre knows" };
        var check = new Option<bool>("--check") { Description = "Write nothing; name the files that are not as they would be written, with exit code 1" };
        var command = new Command("rules", "Write the rules of Prometheus and the configuration of Alertmanager that follow from catalogues.") { files, output, url, grafana, runbooks, receivers, year, check };
        command.SetAction(parsed =>
        {
            var catalogues = Read(parsed.GetValue(files)!);
            var whom = (parsed.GetValue(receivers) ?? Beside(parsed.GetValue(output)!)) is { } given ? ReceiversFile.Read(given, [.. catalogues.Select(c => c.Catalogue.Centre)]) : ReceiversFile.None;
            var made = new RuleFiles(LinksOf(parsed.GetValue(url)!, parsed.GetValue(grafana)!, parsed.GetValue(runbooks)!), YearOf(parsed.GetValue(year))).Make(catalogues, whom);
            var at = made.Select(m => (Path: Path.Combine(parsed.GetValue(output)!, m.Path), m.Text)).ToList();
            var written = new WrittenFiles("sla rules", at, RuleFiles.Leftovers(parsed.GetValue(output)!, at.Select(m => m.Path)));
            return parsed.GetValue(check) ? written.Check() : written.Write();
        });
        return command;
    }

    /// <summary>The receivers that are kept beside what is made of them; null: none are.</summary>
    private static string? Beside(string folder) => Path.Combine(folder, "alertmanager", "receivers.yml") is var file && File.Exists(file) ? file : null;

    private static WatchLinks LinksOf(string url, string grafana, string runbooks) => new(WebAddress.Read("--url", url), WebAddress.Read("--grafana", grafana), WebAddress.Document("--runbooks", runbooks));

    private static int? YearOf(int? given) => given is < 1 or > 9998 ? throw new ArgumentException("--year is not between 1 and 9998; give the year whose holidays are to be written") : given;

    private static List<CatalogueFile> Read(string[] files)
    {
        var read = (files.Length > 0 ? files : Shipped.Select(f => Path.Combine(CatalogueFiles.Folder, f))).Select(CatalogueFiles.Read).ToList();
        var twice = read.GroupBy(c => c.Catalogue.Centre).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? read : throw new ArgumentException($"{string.Join(" and ", twice.Select(c => c.Name))} are both catalogues of {twice.Key}; give the one that holds");
    }
}

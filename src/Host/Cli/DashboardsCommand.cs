using System.CommandLine;
using SlaMonitor.Host.Watch.Dashboards;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla dashboards</c>: writes the dashboards that Grafana is provisioned with.</summary>
internal static class DashboardsCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--out") { Description = "The folder of Grafana's files; dashboards go to dashboards/en and dashboards/zh below it", DefaultValueFactory = _ => Path.Combine("dashboards", "grafana") };
        var url = new Option<string>("--url") { Description = "Address of SlaMonitor as those who look at the dashboards reach it, for links; they can type another", DefaultValueFactory = _ => DashboardSet.DefaultHost };
        var check = new Option<bool>("--check") { Description = "Write nothing; name the files that differ, with exit code 1 when there is one" };
        var command = new Command("dashboards", "Write the dashboards for Grafana, in English and Chinese.") { folder, url, check };
        command.SetAction(parsed =>
        {
            var files = DashboardSet.Files(parsed.GetValue(url)!.TrimEnd('/')).Select(f => (Path: Path.Combine(parsed.GetValue(folder)!, f.Path), f.Text)).ToList();
            return parsed.GetValue(check) ? Check(files) : Write(files);
        });
        return command;
    }

    private static int Write(List<(string Path, string Text)> files)
    {
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Console.WriteLine($"{files.Count} dashboards written");
        return ExitCode.Done;
    }

    private static int Check(List<(string Path, string Text)> files)
    {
        var differing = files.Where(f => !File.Exists(f.Path) || File.ReadAllText(f.Path) != f.Text).ToList();
        foreach (var (path, _) in differing)
            Console.Error.WriteLine($"{path} differs; write it anew with sla dashboards");
        if (differing.Count == 0)
            Console.WriteLine($"{files.Count} dashboards are as they would be written");
        return differing.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}

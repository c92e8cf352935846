using System.CommandLine;
using SlaMonitor.Host.Watch;
using SlaMonitor.Host.Watch.Dashboards;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla dashboards</c>: writes the dashboards that Grafana is provisioned with.</summary>
internal static class DashboardsCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--out") { Description = "The folder the files are written below: grafana/dashboards/en and grafana/dashboards/zh", DefaultValueFactory = _ => "dashboards" };
        var url = new Option<string>("--url") { Description = "Address of SlaMonitor as those who look at the dashboards reach it, for links; they can type another", DefaultValueFactory = _ => DashboardSet.DefaultHost };
        var check = new Option<bool>("--check") { Description = "Write nothing; name the files that differ, with exit code 1 when there is one" };
        var command = new Command("dashboards", "Write the dashboards for Grafana, in English and Chinese.") { folder, url, check };
        command.SetAction(parsed =>
        {
            var files = new WrittenFiles("sla dashboards", DashboardSet.Files(WebAddress.Read("--url", parsed.GetValue(url)!)).Select(f => (Path.Combine(parsed.GetValue(folder)!, "grafana", f.Path), f.Text)));
            return parsed.GetValue(check) ? files.Check() : files.Write();
        });
        return command;
    }
}

using System.CommandLine;
using SlaMonitor.Host.Cli;

var root = new RootCommand("SlaMonitor: who keeps which promise, and why.")
{
    DueCommand.Create(),
};
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;

using System.CommandLine;
using System.Runtime.InteropServices;
using Npgsql;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Cli;
using SlaMonitor.Host.EmbeddedPostgres;
using SlaMonitor.Host.Ingest.Import;
using SlaMonitor.Host.Notifications;
using SlaMonitor.Host.Vault;
using SlaMonitor.Projections.Engine;

var root = new RootCommand("SlaMonitor: who keeps which promise, and why.")
{
    RunCommand.Create(), DemoCommand.Create(), ImportCommand.Create(), DueCommand.Create(), AvailabilityCommand.Create(), ExplainCommand.Create(), RebuildCommand.Create(), VerifyCommand.Create(),
    RetryCommand.Create(), CatalogueCommand.Create(), RecalculateCommand.Create(), TokenCommand.Create(), VaultCommand.Create(), SampleCommand.Create(), MappingCommand.Create(), NotifyCommand.Create(),
    RulesCommand.Create(), DashboardsCommand.Create(), HealthCommand.Create(),
};
// From the first moment on: what was started is stopped in order, the embedded server last.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var parsed = root.Parse(args);
try
{
    var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
    return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
}
catch (Exception refused) when (refused is EmbeddedPostgresException or CatalogueFileException or ImportFileException or SchemaRefusedException or RebuildRefusedException or VaultException or NotificationFileException or ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"sla: {refused.Message}");
    return ExitCode.Failed;
}
catch (NpgsqlException unreachable)
{
    Console.Error.WriteLine($"sla: the database does not answer as it should: {unreachable.Message}");
    return ExitCode.Failed;
}
catch (OperationCanceledException)
{
    return ExitCode.Failed;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using System.CommandLine;
using Npgsql;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Cli;
using SlaMonitor.Host.EmbeddedPostgres;
using SlaMonitor.Host.Ingest.Import;

var root = new RootCommand("SlaMonitor: who keeps which promise, and why.")
{
    RunCommand.Create(), ImportCommand.Create(), DueCommand.Create(), ExplainCommand.Create(),
};
var parsed = root.Parse(args);
try
{
    var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
}
catch (Exception refused) when (refused is EmbeddedPostgresException or CatalogueFileException or ImportFileException or SchemaRefusedException or ArgumentException or InvalidDataException)
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

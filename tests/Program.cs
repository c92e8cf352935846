using SlaMonitor.Host.EmbeddedPostgres;

namespace SlaMonitor.Tests;

/// <summary>What tests run in a process of its own, in order to kill it.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is not ["hold-server", var folder, var major])
            return 2;
        await using var server = await EmbeddedServer.StartAsync(folder, new() { Major = int.Parse(major, null) });
        Console.WriteLine(server.ProcessId);
        await Console.In.ReadToEndAsync();
        return 0;
    }
}

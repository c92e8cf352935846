using System.Globalization;
using SlaMonitor.Host.EmbeddedPostgres;

namespace SlaMonitor.Tests;

/// <summary>What tests run in a process of its own: in order to kill it, or as another user, or in another environment.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is not ["hold-server", var folder, var major, var packages])
            return 2;
        var options = new EmbeddedServerOptions { Major = int.Parse(major, CultureInfo.InvariantCulture) };
        if (packages.Length > 0)
            options = options with { Places = options.Places with { UpwardsFrom = [packages] } };
        await using var server = await EmbeddedServer.StartAsync(folder, options);
        Console.WriteLine(server.ProcessId);
        await Console.In.ReadToEndAsync();
        return 0;
    }
}

using System.ComponentModel;
using System.Diagnostics;

namespace SlaMonitor.Tests.Host.Watch;

/// <summary>The tools that come with Prometheus and Alertmanager, as judges of what is made for these.</summary>
internal static class MonitoringTool
{
    /// <summary>Runs one until it ends; what it says stands in the answer, wherever it was said.</summary>
    public static async Task<(int Exit, string Said)> RunAsync(string tool, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + await errors);
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException($"{tool} is needed and not there: install Debian's packages prometheus and prometheus-alertmanager; ./test does");
        }
    }

    /// <summary>Runs one that has nothing to object to.</summary>
    public static async Task<string> PassesAsync(string tool, params string[] arguments)
    {
        var (exit, said) = await RunAsync(tool, arguments);
        Assert.True(exit == 0, $"{tool} {string.Join(' ', arguments)}\n{said}");
        return said;
    }
}

using System.Diagnostics;

namespace SlaMonitor.Tests;

/// <summary>Runs the real program as its own process, as a shell would.</summary>
internal static class SlaProgram
{
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "sla.dll");

    public static ProcessStartInfo StartInfo(params string[] arguments) => new("dotnet", [Dll, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = AppContext.BaseDirectory,
    };

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string input, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}

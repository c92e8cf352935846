using System.Diagnostics;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>The image and <c>compose.yaml</c>, as far as they can be tried where no container engine runs.</summary>
public class ContainerTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task The_image_serves_as_anybody_with_a_read_only_root_and_stops_when_told()
    {
        var start = new ProcessStartInfo(Path.Combine(HouseRulesTests.Root, "deploy", "try")) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Removed with what is left in it, whatever ends the test.
        start.Environment["TMPDIR"] = TestFolders.New();
        using var run = Process.Start(start)!;
        var (output, errors) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        using var bound = new CancellationTokenSource(Bound);
        try
        {
            await run.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            run.Kill(entireProcessTree: true);
        }

        Assert.True(run.HasExited && run.ExitCode == 0, $"{await output}\n{await errors}");
        Assert.EndsWith("the image holds\n", await output, StringComparison.Ordinal);
    }
}

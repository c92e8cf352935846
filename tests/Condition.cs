using System.Runtime.CompilerServices;

namespace SlaMonitor.Tests;

/// <summary>Waits for a condition; fails, naming it, when it does not come to hold. The bound is for a broken program, not a measure.</summary>
internal static class Condition
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    public static async Task HoldsAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string named = "")
    {
        using var bound = new CancellationTokenSource(Bound);
        while (!await condition())
        {
            if (bound.IsCancellationRequested)
                Assert.Fail($"did not come to hold within {Bound}: {named}");
            await Task.Delay(Step, CancellationToken.None);
        }
    }
}

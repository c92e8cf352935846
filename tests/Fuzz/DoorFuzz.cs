namespace SlaMonitor.Fuzz;

/// <summary>Inputs through the program's own code, without socket and database.</summary>
internal sealed class DoorFuzz(FuzzInputs inputs, Findings findings)
{
    /// <summary>What the inputs went through.</summary>
    public Door Door { get; } = new();

    /// <summary>Sends the inputs from a number on.</summary>
    public async Task RunAsync(long first, long count, CancellationToken ct)
    {
        for (var number = first; number < first + count && !findings.AreEnough; number++)
        {
            ct.ThrowIfCancellationRequested();
            var input = inputs.Make(number);
            if (await Door.TryAsync(input) is { } wrong)
                await findings.AddAsync(new Finding(inputs.Seed, input, wrong), f => Shrinking.SmallestAsync(inputs, f, i => new Door().TryAsync(i)));
        }
    }
}

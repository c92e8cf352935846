namespace SlaMonitor.Fuzz;

/// <summary>Makes what was found smaller.</summary>
internal static class Shrinking
{
    /// <summary>The finding by a single mutation of its input, where one alone brings it about; else as it was.</summary>
    /// <param name="inputs">Makes the inputs.</param>
    /// <param name="found">What was found.</param>
    /// <param name="retry">Says what is wrong with an input, sent as if for the first time; null: nothing.</param>
    public static async Task<Finding> SmallestAsync(FuzzInputs inputs, Finding found, Func<FuzzInput, Task<string?>> retry)
    {
        for (var i = 0; i < found.Input.Mutations.Count; i++)
        {
            var alone = inputs.Make(found.Input.Number, $"s{i}", i);
            if (await retry(alone) is { } still)
                return new Finding(found.Seed, alone, still);
        }

        return found;
    }
}

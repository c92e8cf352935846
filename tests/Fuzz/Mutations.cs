namespace SlaMonitor.Fuzz;

/// <summary>All ways to spoil an input, by what is spoilt.</summary>
internal static class Mutations
{
    private static readonly Mutation[] OfTrees = [.. TreeMutations.All.Select(m => new Mutation(m.Name, m.Apply, null))];
    private static readonly Mutation[] OfBytes = [.. ByteMutations.All.Select(m => new Mutation(m.Name, null, m.Apply))];

    /// <summary>One of them; those of the tree reach deeper and come more often.</summary>
    public static Mutation Pick(Random random) => random.Next(6) == 0 ? OfBytes[random.Next(OfBytes.Length)] : OfTrees[random.Next(OfTrees.Length)];
}

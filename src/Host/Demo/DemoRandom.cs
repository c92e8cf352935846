namespace SlaMonitor.Host.Demo;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): whole numbers only, so the same sequence on every machine, for ever.</summary>
internal sealed class DemoRandom(ulong state)
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;
    private ulong _state = state;

    /// <summary>The sequence of one thing of one day, which no other depends on.</summary>
    public static DemoRandom Of(long seed, int day, int number) => new(Mix(Mix(Mix((ulong)seed + Step) ^ (uint)day) ^ (uint)number));

    /// <summary>From 0 to below a bound.</summary>
    public int Next(int below)
    {
        _state += Step;
        return (int)(((Mix(_state) >> 32) * (ulong)below) >> 32);
    }

    /// <summary>Both ends included.</summary>
    public int Between(int from, int through) => from + Next(through - from + 1);

    /// <summary>Between two ends, nearer to the first more often.</summary>
    public int Low(int from, int through) => Math.Min(Between(from, through), Between(from, through));

    /// <summary>True so many times of ten thousand.</summary>
    public bool Chance(int ofTenThousand) => Next(10_000) < ofTenThousand;

    /// <summary>One of some.</summary>
    public T Of<T>(params ReadOnlySpan<T> some) => some[Next(some.Length)];

    /// <summary>A place in a list of weights.</summary>
    public int Weighted(ReadOnlySpan<int> weights)
    {
        var total = 0;
        foreach (var weight in weights)
            total += weight;
        var left = Next(total);
        var place = 0;
        while (left >= weights[place])
            left -= weights[place++];
        return place;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}

namespace SlaMonitor.Domain.Availability;

/// <summary>
/// Sorts ticks with the numbers that belong to them, eleven bits at a time from the lowest: a quarter is four passes, where comparing would be some
/// seventeen. Few are compared.
/// </summary>
internal static class TickSort
{
    private const int Few = 256;
    private const int Bits = 11;
    private const int Mask = (1 << Bits) - 1;

    /// <summary>Sorts the first of both; the arrays may be other ones afterwards.</summary>
    public static void Sort(ref long[] ticks, ref int[] numbers, int count)
    {
        if (count < Few)
        {
            Array.Sort(ticks, numbers, 0, count);
            return;
        }

        var (least, most) = (long.MaxValue, long.MinValue);
        foreach (var tick in ticks.AsSpan(0, count))
            (least, most) = (Math.Min(least, tick), Math.Max(most, tick));
        var (otherTicks, otherNumbers) = (new long[count], new int[count]);
        Span<int> places = stackalloc int[Mask + 1];
        for (var shift = 0; shift < 64 && (ulong)(most - least) >> shift > 0; shift += Bits)
        {
            Scatter(ticks.AsSpan(0, count), numbers, otherTicks, otherNumbers, least, shift, places);
            (ticks, otherTicks) = (otherTicks, ticks);
            (numbers, otherNumbers) = (otherNumbers, numbers);
        }
    }

    private static void Scatter(ReadOnlySpan<long> ticks, ReadOnlySpan<int> numbers, Span<long> toTicks, Span<int> toNumbers, long least, int shift, Span<int> places)
    {
        places.Clear();
        foreach (var tick in ticks)
            places[(int)((ulong)(tick - least) >> shift) & Mask]++;
        var next = 0;
        for (var i = 0; i < places.Length; i++)
            (places[i], next) = (next, next + places[i]);
        for (var i = 0; i < ticks.Length; i++)
        {
            var place = places[(int)((ulong)(ticks[i] - least) >> shift) & Mask]++;
            (toTicks[place], toNumbers[place]) = (ticks[i], numbers[i]);
        }
    }
}

using SlaMonitor.Domain.Samples;

namespace SlaMonitor.Tests.Domain;

/// <summary>Samples that anybody can draw again.</summary>
public class SamplingTests
{
    private static readonly string[] Numbers = [.. Enumerable.Range(1, 200).Select(i => $"2026-{i:000000}")];

    [Fact]
    public void The_order_the_cases_are_given_in_draws_nothing_else()
    {
        var shuffled = Numbers.ToArray();
        new Random(1).Shuffle(shuffled);
        Assert.Equal(Sampling.Draw("seed", Numbers, 10), Sampling.Draw("seed", shuffled, 10));
    }

    [Fact]
    public void More_are_drawn_by_going_on_and_none_twice()
    {
        var many = Sampling.Draw("seed", Numbers, 50);
        Assert.Equal(Sampling.Draw("seed", Numbers, 10), many.Take(10));
        Assert.Equal(50, many.Distinct().Count());
        Assert.Equal(200, Sampling.Draw("seed", Numbers, 1000).Count);
        Assert.Empty(Sampling.Draw("seed", [], 3));
    }

    [Fact]
    public void Another_seed_draws_others_and_over_many_seeds_each_case_as_often()
    {
        Assert.NotEqual(Sampling.Draw("a", Numbers, 10), Sampling.Draw("b", Numbers, 10));
        var times = Enumerable.Range(0, 2000).SelectMany(i => Sampling.Draw($"seed {i}", Numbers, 10)).CountBy(n => n).ToDictionary();
        // A hundred times each on average; five deviations of about ten either way.
        Assert.All(Numbers, n => Assert.InRange(times.GetValueOrDefault(n), 50, 150));
    }
}

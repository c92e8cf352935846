using SlaMonitor.Domain.Availability;
using static SlaMonitor.Tests.Domain.Availability.TestServices;

namespace SlaMonitor.Tests.Domain.Availability;

/// <summary>Truth tables of services with parts: u up, d down, p a quarter lost, ? unobserved, x left out, e down but excluded as up.</summary>
public class CompositeTests
{
    [Theory]
    [InlineData("all", "uu", "0")]
    [InlineData("all", "ud", "1")]
    [InlineData("all", "up", "0.25")]
    [InlineData("all", "u?", "?")]
    [InlineData("all", "d?", "1")]
    [InlineData("all", "p?", "?")]
    [InlineData("all", "ux", "x")]
    [InlineData("all", "dx", "1")]
    [InlineData("all", "?x", "x")]
    [InlineData("all", "ue", "0")]
    [InlineData("all", "e?", "?")]
    [InlineData("all", "de", "1")]
    [InlineData("any", "ud", "0")]
    [InlineData("any", "dd", "1")]
    [InlineData("any", "dp", "0.25")]
    [InlineData("any", "d?", "?")]
    [InlineData("any", "u?", "0")]
    [InlineData("any", "ux", "0")]
    [InlineData("any", "dx", "x")]
    [InlineData("any", "d?x", "x")]
    [InlineData("any", "de", "0")]
    [InlineData("any", "dd?u", "0")]
    [InlineData("2of", "uud", "0")]
    [InlineData("2of", "udd", "1")]
    [InlineData("2of", "udp", "0.25")]
    [InlineData("2of", "uu?", "0")]
    [InlineData("2of", "ud?", "?")]
    [InlineData("2of", "dd?", "1")]
    [InlineData("2of", "dd?x", "x")]
    [InlineData("2of", "udx", "x")]
    [InlineData("2of", "uux", "0")]
    [InlineData("4of", "uuu", "1")]
    [InlineData("mean", "ud", "0.5")]
    [InlineData("mean", "uud", "0.333333333")]
    [InlineData("mean", "up", "0.125")]
    [InlineData("mean", "d?", "?")]
    [InlineData("mean", "dx", "x")]
    [InlineData("mean", "de", "0.5")]
    [InlineData("all", "", "0")]
    [InlineData("any", "", "0")]
    public void A_whole_is_read_from_its_parts(string rule, string parts, string expected)
    {
        ServiceNode[] nodes = [.. parts.Select(Part)];
        Assert.Equal(expected, Read(Composed(rule, nodes)));
        Assert.Equal(expected, Read(Composed(rule, [.. nodes.Reverse()])));
    }

    [Fact]
    public void Wholes_nest()
    {
        var web = new ServiceNode.Any([Part('d'), Part('?')]);
        Assert.Equal("1", Read(new ServiceNode.All([Part('d'), web])));
        Assert.Equal("?", Read(new ServiceNode.All([Part('u'), web])));
        Assert.Equal("0.5", Read(new ServiceNode.Weighted([new(Share(0.5m), Part('d')), new(Share(0.5m), new ServiceNode.Any([web, Part('u')]))])));
    }

    [Theory]
    [InlineData('u', "ud", "1")]
    [InlineData('d', "uu", "1")]
    [InlineData('p', "uu", "0.25")]
    [InlineData('x', "dd", "x")]
    [InlineData('x', "uu", "x")]
    [InlineData('x', "??", "x")]
    [InlineData('e', "dd", "0")]
    [InlineData('e', "u?", "0")]
    [InlineData('f', "dd", "0")]
    [InlineData('f', "u?", "?")]
    [InlineData('?', "uu", "?")]
    [InlineData('?', "ud", "1")]
    [InlineData('u', "ux", "x")]
    public void A_whole_may_have_facts_of_its_own_and_its_exclusions_cover_its_parts(char own, string parts, string expected) =>
        Assert.Equal(expected, Read(new ServiceNode.Composite((ServiceNode.Own)Part(own), new ServiceNode.All([.. parts.Select(Part)]))));

    [Fact]
    public void What_is_unknown_of_a_weighted_whole_counts_only_for_its_share()
    {
        var mean = Composed("mean", [Part('p'), Part('?')]);
        Assert.Equal((24, 3), Hours(Day(mean, AvailabilityTerms.Always with { UnobservedAs = UnobservedAs.Up })));
        Assert.Equal((24, 15), Hours(Day(mean, AvailabilityTerms.Always with { UnobservedAs = UnobservedAs.Down })));
    }

    [Fact]
    public void Gross_excludes_nothing_of_any_part()
    {
        Assert.Equal((24, 24), GrossHours(Day(Composed("all", [Part('u'), Part('e')]))));
        Assert.Equal((24, 12), GrossHours(Day(Composed("mean", [Part('u'), Part('e')]))));
        Assert.Equal((24, 0), GrossHours(Day(Composed("all", [Part('u'), Part('x')]))));
    }

    private static ServiceNode Composed(string rule, ServiceNode[] parts) => rule switch
    {
        "all" => new ServiceNode.All([.. parts]),
        "any" => new ServiceNode.Any([.. parts]),
        "mean" => new ServiceNode.Weighted([.. parts.Select(p => new WeightedPart(new LostShare(LostShare.Scale / parts.Length), p))]),
        _ => new ServiceNode.KOf(rule[0] - '0', [.. parts]),
    };

    private static ServiceNode Part(char state) => state switch
    {
        'u' => Service(),
        'd' => Service(Outage(0, 24)),
        'p' => Service(Outage(0, 24, 0.25m)),
        '?' => Service(Unobserved(0, 24)),
        'x' => Service(LeftOut(0, 24)),
        'e' => Service(Outage(0, 24), Up(0, 24)),
        'f' => Service(Up(0, 24)),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static string Read(ServiceNode node)
    {
        var totals = Day(node);
        return totals.LeftOut > 0 ? "x" : totals.Unobserved > 0 ? "?" : (Hours(totals).Down / 24).ToString("0.#########", System.Globalization.CultureInfo.InvariantCulture);
    }
}

using SlaMonitor.Fuzz;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.Host;

/// <summary>A hundred thousand inputs that are wrong, or right in an odd way: none gets in that cannot be worked with.</summary>
public class FuzzTests(ITestOutputHelper output)
{
    private const ulong Seed = 20261122;

    [Fact]
    public async Task Nothing_bad_gets_past_the_door()
    {
        var (inputs, door, found) = (new FuzzInputs(Seed, lines: true), new Door(), new Findings(20));
        for (var number = 0; number < 100_000 && !found.AreEnough; number++)
        {
            var input = inputs.Make(number);
            if (await door.TryAsync(input) is { } wrong)
                await found.AddAsync(new Finding(Seed, input, wrong), f => Shrinking.SmallestAsync(inputs, f, i => new Door().TryAsync(i)));
        }

        output.WriteLine($"{door.Let} events let in, {door.Refused} inputs turned away");
        Assert.True(found.AreNone, found.ToString());
    }

    [Fact]
    public async Task Nothing_bad_gets_into_the_log()
    {
        await using var server = await TestServer.StartAsync(SampleHall.Now);
        var found = new Findings(20);
        // Other ones than above.
        await new HttpFuzz(server.Client, server.Database.DataSource, new FuzzInputs(Seed, lines: true), found).RunAsync(1_000_000, 5_000, default);
        Assert.True(found.AreNone, found.ToString());
    }
}

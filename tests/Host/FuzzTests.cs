using SlaMonitor.Fuzz;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.Host;

/// <summary>
/// A hundred thousand inputs that are wrong, or right in an odd way: none gets in that cannot be worked with. Any number of others:
/// <c>dotnet run -c Release --project bench -- --fuzz 1000000 --seed 2</c>.
/// </summary>
public class FuzzTests(ITestOutputHelper output)
{
    private const ulong Seed = 20261122;
    private const int Inputs = 95_000;
    private const int OverHttp = 5_000;
    private const int Files = 3_000;
    private const int Imports = 300;

    [Fact]
    public async Task Nothing_bad_gets_past_the_door()
    {
        var found = new Findings(20);
        var fuzz = new DoorFuzz(new FuzzInputs(Seed, lines: true), found);
        await fuzz.RunAsync(0, Inputs, default);
        output.WriteLine($"{fuzz.Door.Let} events let in, {fuzz.Door.Refused} inputs turned away");
        Assert.True(found.AreNone, found.ToString());
        // A generator that makes nothing but rubbish would prove little, and so would one that makes nothing wrong.
        Assert.InRange(fuzz.Door.Refused, Inputs / 4, Inputs * 3 / 4);
        Assert.InRange(fuzz.Door.Let, Inputs / 4, Inputs * 4);
    }

    [Fact]
    public async Task No_file_gets_in_what_cannot_be_worked_with()
    {
        var folder = Directory.CreateTempSubdirectory("sla-fuzz-");
        var (inputs, door, found) = (new FileInputs(Seed), new FileDoor(folder.FullName), new Findings(20));
        for (var number = 0; number < Files && !found.AreEnough; number++)
        {
            var file = inputs.Make(number);
            if (await door.TryAsync(file) is { } wrong)
                await found.AddAsync(new Finding(Seed, file.Input, wrong), Task.FromResult);
        }

        folder.Delete(recursive: true);
        output.WriteLine($"{door.Let} events let in, {door.Rejected} records turned away, {door.Broken} files broken");
        Assert.True(found.AreNone, found.ToString());
        Assert.InRange(door.Broken, Files / 10, Files * 2 / 3);
    }

    [Fact]
    public async Task No_import_stores_what_cannot_be_worked_with()
    {
        await using var server = await TestServer.StartAsync(SampleHall.Now);
        var folder = Directory.CreateTempSubdirectory("sla-fuzz-");
        var found = new Findings(20);
        await new ImportFuzz(server.Client, server.Database.DataSource, new FileInputs(Seed), folder.FullName, found).RunAsync(Files, Imports, default);
        folder.Delete(recursive: true);
        Assert.True(found.AreNone, found.ToString());
    }

    [Fact]
    public async Task Nothing_bad_gets_into_the_log()
    {
        await using var server = await TestServer.StartAsync(SampleHall.Now);
        var found = new Findings(20);
        await new HttpFuzz(server.Client, server.Database.DataSource, new FuzzInputs(Seed, lines: true), found).RunAsync(Inputs, OverHttp, default);
        Assert.True(found.AreNone, found.ToString());
    }

    [Fact]
    public void An_input_is_the_same_whenever_it_is_made()
    {
        for (var number = 0; number < 500; number++)
            Assert.Equal(new FuzzInputs(Seed, lines: true).Make(number).Body, new FuzzInputs(Seed, lines: true).Make(number).Body);
    }
}

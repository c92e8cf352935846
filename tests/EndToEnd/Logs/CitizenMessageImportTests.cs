using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd.Logs;

/// <summary>2,816 messages of citizens, complaints that were each answered, on China's calendar.</summary>
public class CitizenMessageImportTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Answers_in_time_are_as_many_as_the_legal_count_and_the_bare_difference_have_and_nobodys_name_or_words_come_in()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        await using var log = await ImportedLog.CreateAsync("citizen-messages.yaml", output.WriteLine);
        await log.ImportAsync("citizen-messages-cn.csv.gz", "citizen-messages.yaml");
        (string, int)[] expected =
        [
            ("message.5-days", 1_135), ("message.10-days", 1_770), ("message.15-days", 2_127), ("message.5-days-bare", 1_078), ("message.10-days-bare", 1_737), ("message.15-days-bare", 2_103),
        ];
        foreach (var (commitment, met) in expected)
        {
            var clocks = await log.ClocksAsync(commitment);
            Assert.Equal((2_816, met), (clocks.Count, clocks.Values.Count(c => c.State == "met")));
        }

        Assert.Equal(2, await log.CountAsync("SELECT count(DISTINCT data -> 'data') FROM mt_events WHERE type LIKE 'complaint%'"));
    }
}

using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd.Logs;

/// <summary>2,816 messages of citizens, each answered, on China's calendar.</summary>
public class CitizenMessageImportTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("message.5-days", 1_135)]
    [InlineData("message.10-days", 1_770)]
    [InlineData("message.15-days", 2_127)]
    public async Task Answers_within_so_many_working_days_are_as_many_as_the_legal_count_has(string commitment, int met)
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        await using var log = await ImportedLog.CreateAsync("citizen-messages.yaml", output.WriteLine);
        await log.ImportAsync("citizen-messages-cn.csv.gz", "citizen-messages.yaml");
        var clocks = await log.ClocksAsync(commitment);
        Assert.Equal(2_816, clocks.Count);
        Assert.Equal(met, clocks.Values.Count(c => c.State == "met"));
    }

    [Fact]
    public async Task Nobodys_name_or_words_come_into_the_log()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        await using var log = await ImportedLog.CreateAsync("citizen-messages.yaml", output.WriteLine);
        await log.ImportAsync("citizen-messages-cn.csv.gz", "citizen-messages.yaml");
        Assert.Equal(0, await log.CountAsync("SELECT count(*) FROM mt_events WHERE type LIKE 'case%' AND (data #> '{data}')::text !~ '^\\{(\"item\": \"citizen-message\", \"channel\": 2|\"channel\": 2, \"item\": \"citizen-message\"|\"outcome\": \"answered\")\\}$'"));
    }
}

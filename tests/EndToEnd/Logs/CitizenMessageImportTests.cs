using SlaMonitor.Host.Catalogues;
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

        // Two make-up Sundays and four holidays lie between: the answer came on the tenth working day.
        var explained = await log.RunAsync("explain", "complaint/2549", "--centre", "citizen-messages");
        Assert.Contains("complaint/2549  message.5-days  breached", explained, StringComparison.Ordinal);
        Assert.Contains("complaint/2549  message.10-days  met", explained, StringComparison.Ordinal);
        Assert.Contains("the read models are what the log says", await log.RunAsync("verify"), StringComparison.Ordinal);
        // But for what was sealed, every message is told in the same words.
        Assert.Equal(2, await log.CountAsync("SELECT count(DISTINCT (data -> 'data') - 'sealed') FROM mt_events WHERE type LIKE 'complaint%'"));
        Assert.Equal(2_816, await log.CountAsync("SELECT count(DISTINCT data -> 'data' -> 'sealed') FROM mt_events WHERE type = 'complaint_registered'"));
        Assert.Equal(2_816, await log.CountAsync("SELECT count(*) FROM vault.key"));
    }

    [Fact]
    public async Task A_dry_run_shows_complaints_with_their_clocks_and_of_what_goes_into_the_vault_the_names_of_the_fields()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var mapping = Path.Combine(CatalogueFiles.Folder, "mappings", "citizen-messages.yaml");
        await using var log = await ImportedLog.CreateAsync("citizen-messages.yaml", output.WriteLine);
        var said = await log.RunAsync("import", SharedFolder.PathOf("data", "citizen-messages-cn.csv.gz"), "--mapping", mapping, "--dry-run");
        Assert.Contains("""complaint_registered         {"channel":"online","category":"message"}  (not readable once stored: person, text)""", said, StringComparison.Ordinal);
        Assert.Contains("  clock message.10-days  met, due 2019-05-10T18:00:00+08:00, stopped 2019-05-10T14:56:53+08:00", said, StringComparison.Ordinal);
        Assert.DoesNotContain("A00045581", said, StringComparison.Ordinal);
        Assert.DoesNotContain("有问题", said, StringComparison.Ordinal);
        // Answered and closed, nothing goes on: nothing is said of it.
        Assert.DoesNotContain("goes on in", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_knows_what_was_sealed_again_makes_no_key_and_tells_nothing_of_anybody_whose_record_is_rejected()
    {
        var mapping = Path.Combine(CatalogueFiles.Folder, "mappings", "citizen-messages.yaml");
        await using var log = await ImportedLog.CreateAsync("citizen-messages.yaml", output.WriteLine);
        var file = Path.Combine(TestFolders.New(), "messages.csv");
        const string told = "id,user,subject,received_at,replied_at\n1,somebody,noise,2026-03-02T10:00:00,2026-03-04T10:00:00\n";
        await File.WriteAllTextAsync(file, told);
        Assert.Contains("3 events stored", await log.ImportAsync(file, "citizen-messages.yaml"), StringComparison.Ordinal);
        Assert.Contains("0 events would be stored, 3 were there already, 0 rejected", await log.RunAsync("import", file, "--mapping", mapping, "--dry-run"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, told.Replace("noise", "other words", StringComparison.Ordinal) + "2,some\0body,noi\0se,yesterday,2026-03-04T10:00:00\n3,anybody,dust,2026-03-02T10:00:00,2026-03-04T10:00:00\n");
        var (code, said, _) = await log.TryAsync("import", file, "--mapping", mapping, "--dry-run");
        Assert.Equal(1, code);
        Assert.Contains("id was recorded before with other content", said, StringComparison.Ordinal);
        Assert.Contains("column user, data.person.name contains a NUL character", said, StringComparison.Ordinal);
        Assert.Contains("\"yesterday\"", said, StringComparison.Ordinal);
        foreach (var personal in (string[])["body", "noi", "dust", "words"])
            Assert.DoesNotContain(personal, said, StringComparison.Ordinal);
        Assert.Equal(1, await log.CountAsync("SELECT count(*) FROM vault.key"));
    }
}

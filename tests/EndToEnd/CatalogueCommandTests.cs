using System.Diagnostics;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary><c>sla catalogue</c> and <c>sla recalculate</c> as somebody types them.</summary>
public class CatalogueCommandTests
{
    [Fact]
    public async Task A_faulty_file_is_refused_with_each_fault_on_a_line_and_sound_ones_are_not()
    {
        var (code, output, _) = await RunAsync(null, "catalogue", "check", CatalogueFiles.Folder);
        Assert.Equal(0, code);
        Assert.Contains("40 items, 20 commitments: no fault", output, StringComparison.Ordinal);
        var file = Path.Combine(Directory.CreateTempSubdirectory("sla-catalogue-").FullName, "hall.yaml");
        await File.WriteAllTextAsync(file, "version: \"1\"\neffectiveFrom: soon\ncentre: { id: c }\n");
        var (refused, _, errors) = await RunAsync(null, "catalogue", "check", file);
        Directory.GetParent(file)!.Delete(recursive: true);
        Assert.Equal(1, refused);
        Assert.Contains("fault   hall.yaml:1:1: ", (await RunAsync(null, "catalogue", "check", await EmptyAsync())).Errors, StringComparison.Ordinal);
        Assert.Contains("fault   hall.yaml:2:1: effectiveFrom is not a date", errors, StringComparison.Ordinal);
        Assert.Contains("fault   hall.yaml:3:1: centre.names is missing", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_file_is_compared_published_once_and_shown_and_settled_verdicts_are_counted_again_on_order()
    {
        await using var hall = await Hall.CreateAsync("09:00-17:00");
        var now = await hall.NowAsync();
        await hall.AppendAsync(Hall.Received("open", now, now + Duration.FromDays(7)), Hall.Received("late", now - Duration.FromDays(9), now - Duration.FromDays(5)));
        await hall.CatchUpAsync();
        var file = Path.Combine(Directory.CreateTempSubdirectory("sla-catalogue-").FullName, "counter.yaml");
        await File.WriteAllTextAsync(file, Hall.Catalogue("2", "09:00-16:00", "UTC"));

        var (_, diff, _) = await RunAsync(hall, "catalogue", "diff", file);
        Assert.Contains("calendar every-day: opening hours changed", diff, StringComparison.Ordinal);
        Assert.Contains("case/open job.day due ", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("case/late", diff, StringComparison.Ordinal);
        var (_, applied, _) = await RunAsync(hall, "catalogue", "apply", file, "--by", "lead");
        Assert.Contains("version 2 of counter is published at position", applied, StringComparison.Ordinal);
        var (again, said, _) = await RunAsync(hall, "catalogue", "apply", file, "--by", "somebody else");
        Assert.Equal(0, again);
        Assert.Contains("was published before with this content", said, StringComparison.Ordinal);
        var (_, shown, _) = await RunAsync(hall, "catalogue", "show");
        Assert.Contains("version 2, from 2020-01-01", shown, StringComparison.Ordinal);

        string[] span = ["recalculate", "--from", "2020-01-01T00:00:00Z", "--until", Timestamps.Format(now), "--commitment", "job.day"];
        var (_, preview, _) = await RunAsync(hall, span);
        Assert.Contains("case/late job.day breached at ", preview, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", preview, StringComparison.Ordinal);
        var (unsigned, _, reason) = await RunAsync(hall, [.. span, "--apply"]);
        Assert.Equal((1, true), (unsigned, reason.Contains("--apply needs --by and --reason", StringComparison.Ordinal)));
        var (_, ordered, _) = await RunAsync(hall, [.. span, "--apply", "--by", "lead", "--reason", "the hours were wrong"]);
        Assert.Contains("ordered at position", ordered, StringComparison.Ordinal);
        await hall.CatchUpAsync();
        Assert.Equal(1, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.restatement WHERE stream_id = 'case/late' AND old_state = 'breached' AND new_state = 'breached'"));
        Directory.GetParent(file)!.Delete(recursive: true);
    }

    [Fact]
    public async Task Services_and_agreements_are_published_shown_and_compared()
    {
        await using var hall = await Hall.CreateAsync("09:00-17:00");
        var folder = Directory.CreateTempSubdirectory("sla-catalogue-");
        File.Copy(Path.Combine(CatalogueFiles.Folder, "calendars", "cn.yaml"), Path.Combine(folder.CreateSubdirectory("calendars").FullName, "cn.yaml"));
        var file = Path.Combine(folder.FullName, "it-services.yaml");
        var text = await File.ReadAllTextAsync(Path.Combine(CatalogueFiles.Folder, "it-services.yaml"));
        await File.WriteAllTextAsync(file, text);
        Assert.Contains("13 services, 4 agreements: no fault", (await RunAsync(null, "catalogue", "check", file)).Output, StringComparison.Ordinal);
        Assert.Contains("version 2026-1 of it-department is published at position", (await RunAsync(hall, "catalogue", "apply", file, "--by", "SLM")).Output, StringComparison.Ordinal);
        var shown = (await RunAsync(hall, "catalogue", "show", "--centre", "it-department")).Output;
        Assert.Contains("service kiosks  自助终端 / Self-service kiosks  hours cn, made of 2 of (kiosk-1, kiosk-2, kiosk-3): 99 % available by the quarter, restored within ", shown, StringComparison.Ordinal);
        Assert.Contains("UC of The bank with IT department, from 2025-07-01 until 2027-07-01, carries sla-hall-2026: payment", shown, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, text.Replace("version: \"2026-1\"", "version: \"2026-2\"", StringComparison.Ordinal).Replace("availability: 0.9985", "availability: 0.999", StringComparison.Ordinal).Replace("until: 2027-07-01", "until: 2028-07-01", StringComparison.Ordinal));
        var diff = (await RunAsync(hall, "catalogue", "diff", file)).Output;
        Assert.Contains("service portal-web: targets 99.85 % available", diff, StringComparison.Ordinal);
        Assert.Contains("agreement uc-bank: validity from 2025-07-01 until 2027-07-01 becomes from 2025-07-01 until 2028-07-01", diff, StringComparison.Ordinal);
        Assert.Contains("agreement ola-operations-2026: portal-web 99.85 % available", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("portal-database", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("agreement sla-hall-2026", diff, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static async Task<string> EmptyAsync()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("sla-catalogue-").FullName, "hall.yaml");
        await File.WriteAllTextAsync(file, "windows: []\n");
        return file;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(Hall? hall, params string[] arguments)
    {
        var start = SlaProgram.StartInfo(arguments);
        if (hall is not null)
            start.Environment[SlaMonitor.Host.Database.Variable] = hall.ConnectionString;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}

using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd.Logs;

/// <summary>12,480 incidents of a ServiceNow instance, 70,726 states of them, with the tool's own verdict.</summary>
public class ServiceNowImportTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Verdicts_are_the_tools_own_and_each_change_of_state_is_an_event()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        await using var log = await ImportedLog.CreateAsync("servicenow-incidents.yaml", output.WriteLine);
        Assert.Contains("70,726 records", await log.ImportAsync("servicenow-incidents-odd.csv.gz", "servicenow-incidents.yaml"), StringComparison.Ordinal);
        var (clocks, last, seen) = (await log.ClocksAsync("incident.closed"), new Dictionary<string, (string Priority, string MadeSla)>(), new Seen());
        foreach (var row in ImportedLog.Rows("servicenow-incidents-odd.csv.gz"))
        {
            last[row["number"]!] = (row["priority"]!, row["made_sla"]!);
            seen.Add(row["number"]!, row["ident_state"]!, row["priority"]!);
        }

        var judged = last.Where(c => c.Value.Priority is "3" or "4").ToList();
        var agreed = judged.Count(c => clocks[c.Key].State == (c.Value.MadeSla == "true" ? "met" : "breached"));
        output.WriteLine($"{agreed} of {judged.Count} verdicts are the tool's");
        Assert.Equal(12_164, judged.Count);
        // By the last priority alone it would be one more: that one had been due an hour before it was given a longer limit.
        Assert.Equal(12_152, agreed);

        Assert.Equal(12_480, await log.EventsAsync("case_received"));
        Assert.Equal(12_480, await log.EventsAsync("case_closed"));
        Assert.Equal(seen.Stages, await log.EventsAsync("case_stage_entered"));
        Assert.Equal(seen.Priorities, await log.EventsAsync("case_priority_changed"));
        Assert.Equal(seen.Waits, await log.CountAsync("SELECT count(*) FROM mt_events WHERE type = 'case_special_procedure_started' AND data #>> '{data,cause}' = 'awaiting-user'"));
        Assert.Equal(seen.Reopened, await log.EventsAsync("case_reopened"));
    }

    /// <summary>What changes from row to row of an incident, counted by hand.</summary>
    private sealed class Seen
    {
        private (string Number, string State, string Priority) _before;

        public long Stages { get; private set; }

        public long Priorities { get; private set; }

        public long Waits { get; private set; }

        public long Reopened { get; private set; }

        public void Add(string number, string state, string priority)
        {
            var same = _before.Number == number;
            Stages += same && _before.State != state ? 1 : 0;
            Priorities += same && _before.Priority != priority ? 1 : 0;
            Waits += state == "Awaiting User Info" && !(same && _before.State == state) ? 1 : 0;
            Reopened += same && _before.State is "Resolved" or "Closed" && same && state is not ("Resolved" or "Closed") ? 1 : 0;
            _before = (number, state, priority);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Host.Demo;

/// <summary>
/// A few hundred cases of the sample hall over the months before an instant, so that a first look has something to show.
/// The same instant gives the same cases. Nobody in them is real.
/// </summary>
internal sealed class HallSample(Catalogue catalogue, Instant now)
{
    private const string Source = "sample/hall";
    private const int DaysBack = 120;
    private const int CasesADay = 3;

    private readonly Calendar _calendar = catalogue.Calendars["cn"];
    private readonly List<WireEvent> _events = [];
    private ulong _state = 20_260_302;

    /// <summary>The sample's events, oldest case first.</summary>
    public IReadOnlyList<WireEvent> Events()
    {
        var items = catalogue.Items.Values.OrderBy(i => i.Id, StringComparer.Ordinal).ToArray();
        var day = _calendar.WorkingDayBefore(_calendar.DateOf(now), DaysBack * 5 / 7);
        for (var number = 1; day <= _calendar.DateOf(now); day = _calendar.WorkingDayAfter(day, 1))
        {
            for (var i = 0; i < CasesADay; i++)
                AddCase($"S{day.Year}-{number++:00000}", items[Next(items.Length)], day);
        }

        return _events;
    }

    private void AddCase(string number, ServiceItem item, LocalDate day)
    {
        var window = WindowOf(item);
        var received = day.At(new LocalTime(9, 0)).PlusMinutes(Next(170)).InZoneLeniently(_calendar.Zone).ToInstant();
        Add(number, "received", "case_received", received, new JsonObject { ["item"] = item.Id, ["window"] = window, ["staff"] = $"{window}-{Next(3) + 1:00}", ["channel"] = ChannelOf(item) });
        if (Next(40) == 0)
        {
            Add(number, "withdrawn", "case_withdrawn", Hours(received, 5), new JsonObject());
            return;
        }

        var accepted = Hours(received, item.Kind == CaseKind.Instant ? 0 : Next(9));
        Add(number, "accepted", "case_accepted", accepted, new JsonObject { ["notice"] = new JsonObject { ["number"] = $"受{number}" } });
        var resumed = item.Kind != CaseKind.Instant && Next(8) == 0 ? AddReview(number, accepted) : accepted;
        // Seven opening hours are a working day; most finish early, about one in eight late.
        var promised = item.Promised?.For(item.Kind, null) is Limit.WorkingDays { Count: var days } ? days * 7 : 1;
        var spent = Next(8) == 0 ? promised + 7 + Next(21) : Next(Math.Max(1, promised));
        var decided = Hours(resumed, spent);
        AddBranches(number, item, accepted);
        if (item.Kind == CaseKind.Upward)
            AddAbove(number, item, accepted, decided);
        if (spent > promised && Next(3) > 0)
            Add(number, "explained", "case_delay_explained", Hours(resumed, promised + 2 + Next(5)), new JsonObject { ["reason"] = "材料复核", ["toldApplicant"] = true });
        var approved = Next(20) > 0;
        Add(number, "decided", "case_decided", decided, new JsonObject { ["outcome"] = approved ? "approved" : "denied" });
        Add(number, "closed", "case_closed", Hours(decided, 2), new JsonObject());
        // Ten working days to deliver are seventy opening hours.
        if (approved)
            Add(number, "delivered", "case_delivered", Hours(decided, 3 + Next(12) switch { 0 => 70, var some => some * 5 }), new JsonObject { ["via"] = "courier" });
    }

    private int ChannelOf(ServiceItem item) => (int)(item.Channels.Count == 0 ? Channel.Window : item.Channels[Next(item.Channels.Count)]);

    private void AddBranches(string number, ServiceItem item, Instant accepted)
    {
        foreach (var (branch, agency) in item.Branches)
        {
            var data = () => new JsonObject { ["branch"] = branch };
            Add(number, $"{branch}-opened", "case_branch_opened", accepted, With(data(), "agency", agency));
            Add(number, $"{branch}-handed-over", "case_branch_handed_over", Hours(accepted, 1 + Next(9)), With(data(), "to", agency));
            Add(number, $"{branch}-done", "case_branch_done", Hours(accepted, 20 + Next(50)), With(data(), "opinion", "agreed"));
        }
    }

    private void AddAbove(string number, ServiceItem item, Instant accepted, Instant decided)
    {
        var sent = Hours(accepted, 7 + Next(14));
        if (sent >= decided)
            return;
        Add(number, "sent-upward", "case_sent_upward", sent, new JsonObject { ["authority"] = item.Authority ?? "superior" });
        Add(number, "superior-contacted", "case_superior_contacted", Hours(sent, 14 + Next(28)), new JsonObject());
        Add(number, "returned-from-above", "case_returned_from_above", decided, new JsonObject { ["result"] = "agreed" });
        Add(number, "told", "case_applicant_notified", Hours(decided, 1 + Next(9)), new JsonObject { ["via"] = "sms" });
    }

    private static JsonObject With(JsonObject data, string field, string value)
    {
        data[field] = value;
        return data;
    }

    private static string WindowOf(ServiceItem item) => item.Department switch
    {
        "市场监督管理局" => "W1",
        "卫生健康委员会" => "W2",
        "公安局" => "W3",
        "住房和城乡建设局" => "W4",
        "人力资源和社会保障局" => "W5",
        _ => "W6",
    };

    private Instant AddReview(string number, Instant accepted)
    {
        var started = Hours(accepted, 4 + Next(6));
        var ended = Hours(started, 7 + Next(28));
        Add(number, "review-started", "case_special_procedure_started", started, new JsonObject { ["procedure"] = "review", ["cause"] = "expert-review", ["granted"] = new JsonObject { ["workingDays"] = 5 } });
        Add(number, "review-ended", "case_special_procedure_ended", ended, new JsonObject { ["procedure"] = "review" });
        return ended;
    }

    /// <summary>What would happen after now has not happened.</summary>
    private void Add(string number, string id, string type, Instant at, JsonObject data)
    {
        if (at <= now)
            _events.Add(new WireEvent(catalogue.Centre, new ReportedEvent(type, $"case/{number}", Source, $"{number}/{id}", Tick.Truncate(at), null, JsonSerializer.SerializeToElement(data))));
    }

    private Instant Hours(Instant from, int openingHours) => _calendar.Add(from, Duration.FromMinutes((openingHours * 60) + Next(50)), Boundary.Open);

    /// <summary>Knuth's MMIX congruential generator: the same sequence on every machine, for ever.</summary>
    private int Next(int below)
    {
        _state = (_state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
        return (int)((_state >> 33) % (ulong)below);
    }
}

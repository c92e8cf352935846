using System.Text.Json;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Host.Demo;

namespace SlaMonitor.Tests.Host.Demo;

/// <summary>What people complain of in the made-up hall, and how they rate it.</summary>
public class ComplaintDemoTests
{
    private static readonly List<DemoEvent> Year = [.. SampleDays.All(SampleDays.Hall(60_000), 365)];

    [Fact]
    public void One_case_in_a_hundred_leads_to_a_complaint_and_half_of_what_is_found_is_true()
    {
        var (cases, complaints) = (Year.Where(e => e.Type == "case_received").DistinctBy(e => e.Case).Count(), Folded());
        Assert.InRange(complaints.Count, cases * 7 / 1_000, cases * 14 / 1_000);
        var found = complaints.Where(c => c.State.Decision is not null).ToList();
        Assert.InRange((double)found.Count(c => c.State.Decision!.Finding == Finding.Substantiated) / found.Count, 0.38, 0.62);
        Assert.InRange(complaints.Count(c => c.State.Reversals > 0), complaints.Count / 50, complaints.Count / 8);
        Assert.InRange(complaints.Count(c => c.State.RevisitedAt is not null), complaints.Count * 4 / 10, complaints.Count * 7 / 10);
        Assert.Contains(complaints, c => c.State is { CaseNumber: null, ComplainedStaff: null });
        Assert.Equal(SampleDays.Catalogue.ComplaintCategories.Keys.Order(), complaints.Select(c => c.State.Category!).Distinct().Order());
        Assert.Equal(Enum.GetValues<ComplaintChannel>().Order(), complaints.Select(c => c.State.Channel!.Value).Distinct().Order());
    }

    [Fact]
    public void A_complaint_is_told_in_an_order_in_which_it_can_be_and_contradicts_nothing()
    {
        string[] order = ["complaint_registered", "complaint_transferred", "complaint_responded", "complaint_fed_back", "complaint_closed", "complaint_revisited"];
        foreach (var one in Year.Where(e => e.Kind == StreamKind.Complaint).DistinctBy(e => e.SenderId).GroupBy(e => e.Case))
        {
            List<string> told = [.. one.OrderBy(e => e.OccurredAt).ThenBy(e => e.Serial).Select(e => e.Type)];
            Assert.Equal(order.Where(told.Contains), told.Where(order.Contains).Distinct());
            Assert.Equal("complaint_registered", told[0]);
        }

        Assert.All(Folded(), c => Assert.Empty(c.Anomalies));
    }

    [Fact]
    public void Telephone_numbers_are_of_a_block_that_is_never_given_out()
    {
        var persons = Year.Select(e => JsonDocument.Parse(e.Json).RootElement.GetProperty("data")).Where(d => d.TryGetProperty("person", out _)).Select(d => d.GetProperty("person")).ToList();
        Assert.NotEmpty(persons);
        Assert.All(persons, p => Assert.Matches("^1[0-9]{2} 0000 [0-9]{4}$", p.GetProperty("phone").GetString()!));
    }

    [Fact]
    public void Bad_ratings_are_answered_mostly_and_a_few_ratings_are_voided()
    {
        var states = SampleDays.Folded(Year.Where(e => e.Kind == StreamKind.Case)).ToList();
        var ratings = states.Where(c => c.Clocks.State.Ratings is not null).Select(c => c.Clocks.State.Ratings!).ToList();
        Assert.InRange((double)ratings.Count / states.Count, 0.2, 0.4);
        Assert.InRange((double)ratings.Count(r => r.Defaulted) / ratings.Count, 0.08, 0.16);
        var bad = Year.Where(e => e.Type == "case_rated" && ScoreOf(e) > 3).Select(e => e.Case).ToHashSet();
        Assert.InRange(bad.Count, ratings.Count / 60, ratings.Count / 15);
        Assert.InRange(ratings.Count(r => r.Voided > 0), 3, bad.Count / 5);
        var (rectified, called) = (Of("case_rating_rectified"), Of("case_applicant_contacted"));
        Assert.InRange(bad.Count(rectified.Contains), bad.Count * 8 / 10, bad.Count * 97 / 100);
        Assert.InRange(bad.Count(b => !called.Contains(b)), bad.Count / 20, bad.Count / 4);

        HashSet<string> Of(string type) => [.. Year.Where(e => e.Type == type).Select(e => e.Case)];
    }

    private static List<ComplaintClocks> Folded()
    {
        var log = new CatalogueLog([SampleDays.Catalogue]);
        return [.. Year.Where(e => e.Kind == StreamKind.Complaint).GroupBy(e => e.Case)
            .Select(g => ComplaintClocks.Fold(g.Select((e, i) => EventJson.ReadFact(e.Type, e.Arriving().Id, e.Json, i + 1, e.RecordedAt)), log))];
    }

    private static int ScoreOf(DemoEvent e)
    {
        using var stored = JsonDocument.Parse(e.Json);
        return stored.RootElement.GetProperty("data").GetProperty("score").GetInt32();
    }
}

using SlaMonitor.Domain;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Domain.Time;
using static SlaMonitor.Tests.Domain.Rules.HallCases;
using static SlaMonitor.Tests.Domain.Rules.HallComplaints;

namespace SlaMonitor.Tests.Domain.Rules;

/// <summary>
/// Section E of the collected rules: complaints. The number is the row. What is asked of the answers rather than of the facts –
/// revisits (69), consent (71), two complaints on end (72), scores (76) – is tested there; row 73 takes the monthly assessment.
/// </summary>
public class ComplaintRuleTests
{
    private static readonly Recorded Told = Registered("2026-03-02T09:30", "attitude", ""","window":"W1","staff":"W1-01" """);

    [Fact]
    public void Rule_63_a_complaint_comes_in_person_by_phone_or_by_letter_about_a_window_or_who_works_there()
    {
        Assert.All(["inPerson", "phone", "letter"], channel => Assert.Empty(FaultsOf("complaint_registered", $$"""{"channel":"{{channel}}","category":"attitude"}""")));
        Assert.Equal("channel", Assert.Single(FaultsOf("complaint_registered", """{"channel":"shouted","category":"attitude"}""")).Field);
        var state = Fold(Told, On("2026-03-02T10:00", "complaint_transferred", """{"to":"supervision"}""")).State;
        Assert.Equal((ComplaintChannel.Phone, "W1", "W1-01", "supervision"), (state.Channel, state.ComplainedWindow, state.ComplainedStaff, state.TransferredTo));
    }

    [Fact]
    public void Rule_64_who_complained_and_what_of_is_taken_down_whole_and_stays_readable_to_nobody()
    {
        const string Register = """{"channel":"phone","category":"attitude","text":"内容","person":{"name":"某","phone":"1","address":"路","email":"e"}}""";
        Assert.Empty(FaultsOf("complaint_registered", Register));
        Assert.Equal(["person.phone", "text"], FaultsOf("complaint_registered", """{"channel":"phone","category":"attitude","text":5,"person":{"phone":1}}""").Select(f => f.Field).Order());
        var type = EventTypes.Of("complaint_registered");
        Assert.Equal(["category", "channel"], ((string[])["category", "channel", "text", "person", "anything", EventTypes.Sealed]).Where(f => !type.Seals(f)));
        // No type of event about a complaint leaves a name, a text or a field nobody has heard of readable.
        Assert.All(ComplaintJson.Types, t => Assert.All(["person", "text", "reason", "opinion", "anything"], field => Assert.True(t.Seals(field), $"{t.Name} {field}")));
    }

    [Fact]
    public void Rule_65_a_complaint_is_handed_on_promptly_and_whoever_complained_is_told_promptly()
    {
        Assert.Equal((At("2026-03-03T18:00"), At("2026-03-16T18:00")), (Due("complaint.transfer"), Due("complaint.feedback")));
        Assert.Equal(ClockState.Met, State("complaint.transfer", Transferred("2026-03-03T18:00")));
        Assert.Equal(ClockState.Breached, State("complaint.transfer", Transferred("2026-03-04T09:00")));
        Assert.Equal(ClockState.Met, State("complaint.transfer", On("2026-03-02T10:00", "complaint_closed")));
        Assert.Equal(ClockState.Met, State("complaint.feedback", Transferred("2026-03-03T10:00"), On("2026-03-16T18:00", "complaint_fed_back")));
        Assert.Equal(ClockState.Breached, Promise("complaint.feedback", Told, On("2026-03-05T18:00", "complaint_responded")).Read(At("2026-03-17T09:00")).State);
        // Handed on twice: the way goes on, and is no contradiction.
        var again = Fold(Told, Transferred("2026-03-02T10:00"), On("2026-03-04T10:00", "complaint_transferred", """{"to":"health"}"""));
        Assert.Equal((At("2026-03-02T10:00"), "health", 0), (again.State.TransferredAt, again.State.TransferredTo, again.Anomalies.Count));
    }

    [Fact]
    public void Rule_66_a_remedy_is_proposed_within_its_limit_and_the_centre_is_sent_a_copy()
    {
        Assert.Equal(At("2026-03-09T18:00"), Due("complaint.response"));
        var responded = On("2026-03-09T18:00", "complaint_responded", """{"copied":true}""");
        Assert.Equal((ClockState.Met, true), (State("complaint.response", responded), Fold(Told, responded).State.Copied));
        Assert.Null(Fold(Told, On("2026-03-09T18:00", "complaint_responded")).State.Copied);
        // More time takes somebody's approval before the limit has passed.
        Assert.Equal(At("2026-03-12T18:00"), Promise("complaint.response", Told, Extended("2026-03-09T18:00", "centre-head")).Read().Reckoning.DueAt);
        Assert.Equal(AnomalyKind.ExtensionAfterDue, Assert.Single(Promise("complaint.response", Told, Extended("2026-03-09T18:00:01", "centre-head")).Anomalies).Kind);
        Assert.Equal(AnomalyKind.ExtensionNotApproved, Assert.Single(Promise("complaint.response", Told, Extended("2026-03-09T10:00", "W1-01")).Anomalies).Kind);

        static Recorded Extended(string at, string by) => On(at, "complaint_extension_granted", $$"""{"add":{"workingDays":3},"approver":"{{by}}"}""");
    }

    [Fact]
    public void Rule_67_whoever_does_not_accept_the_answer_has_it_looked_at_again()
    {
        var asked = On("2026-03-10T10:00", "complaint_review_requested");
        Assert.Equal(At("2026-03-17T18:00"), Promise("complaint.review", Told, asked).Read().Reckoning.DueAt);
        Assert.Equal(ClockState.Met, State("complaint.review", asked, On("2026-03-17T18:00", "complaint_reviewed")));
        Assert.Equal(ClockState.Breached, State("complaint.review", asked, On("2026-03-18T09:00", "complaint_reviewed")));
        var state = Fold(Told, asked, On("2026-03-17T18:00", "complaint_reviewed")).State;
        Assert.Equal((At("2026-03-10T10:00"), At("2026-03-17T18:00")), (state.ReviewRequestedAt, state.ReviewedAt));
    }

    [Fact]
    public void Rule_68_a_fault_that_was_found_names_who_is_responsible_and_calls_for_what_is_to_be_done()
    {
        var found = Found("2026-03-05T10:00", """{"responsible":{"window":"W2","staff":"W2-01"}}""");
        var state = Fold(Told, found).State;
        Assert.Equal(("W2", "W2-01", "W2", "W2-01"), (state.Window, state.Staff, state.Decision!.Window, state.Decision.Staff));
        Assert.Equal(At("2026-03-12T18:00"), Promise("complaint.redress", Told, found).Read().Reckoning.DueAt);
        Assert.Equal(ClockState.Met, State("complaint.redress", found, On("2026-03-12T18:00", "complaint_responded")));
        // What was proposed before anything was found is no answer to it.
        Assert.Equal(ClockState.Breached, Promise("complaint.redress", Told, On("2026-03-04T10:00", "complaint_responded"), found).Read(At("2026-03-13T09:00")).State);
        Assert.Equal("responsible.name", Assert.Single(FaultsOf("complaint_substantiated", """{"responsible":{"name":"某"}}""")).Field);
    }

    [Fact]
    public void Rule_70_only_what_was_found_true_and_not_taken_back_counts_against_anybody()
    {
        Assert.Null(Fold(Told).State.Decision);
        Assert.Equal((Finding.Unsubstantiated, null, null), Fold(Told, On("2026-03-05T10:00", "complaint_unsubstantiated")).State.Decision is { } none ? (none.Finding, none.Window, none.Staff) : default);
        Assert.Equal((Finding.Substantiated, "W1", "W1-01"), Fold(Told, Found("2026-03-05T10:00")).State.Decision is { } found ? (found.Finding, found.Window, found.Staff) : default);
        var reversed = Fold(Told, Found("2026-03-05T10:00"), Reversed("2026-03-06T10:00"));
        Assert.Null(reversed.State.Decision);
        Assert.Equal(ClockState.Void, Assert.Single(reversed.Clocks, c => c.Definition.Id == "complaint.redress").Read().State);
    }

    [Fact]
    public void Rule_74_what_is_written_on_a_form_of_opinions_is_a_rating_at_the_window_and_its_words_are_sealed()
    {
        const string Form = """{"score":2,"channel":1,"text":"意见","person":{"name":"某"}}""";
        Assert.Empty(FaultsOf("case_rated", Form));
        Assert.Equal(["person", "text"], ((string[])["channel", "defaulted", "person", "score", "text"]).Where(EventTypes.Of("case_rated").Seals));
        Assert.Equal(["score"], ((string[])["0", "6", "\"good\""]).SelectMany(s => FaultsOf("case_rated", $$"""{"score":{{s}}}""")).Select(f => f.Field).Distinct());
    }

    [Fact]
    public void Rule_75_the_opinion_box_and_the_published_phone_are_ways_to_complain() =>
        Assert.All(["box", "phone", "hotline", "online", "petition", "media", "rating", "other"], channel => Assert.Empty(FaultsOf("complaint_registered", $$"""{"channel":"{{channel}}","category":"facilities"}""")));

    [Fact]
    public void Rule_77_whoever_deals_with_a_complaint_is_named_and_what_was_found_true_is_dealt_with()
    {
        Assert.Equal("to", Assert.Single(FaultsOf("complaint_transferred", "{}")).Field);
        Assert.Equal(ClockState.Met, State("complaint.redress", Found("2026-03-05T10:00"), On("2026-03-06T10:00", "complaint_closed")));
        Assert.Equal(ClockState.Breached, Promise("complaint.redress", Told, Found("2026-03-05T10:00")).Read(At("2026-03-13T09:00")).State);
    }

    private static Recorded Transferred(string local) => On(local, "complaint_transferred", """{"to":"supervision"}""");

    private static NodaTime.Instant? Due(string commitment) => Promise(commitment, Told).Read().Reckoning.DueAt;

    private static ClockState State(string commitment, params Recorded[] facts) => Promise(commitment, [Told, .. facts]).Read().State;
}

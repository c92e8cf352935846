using static SlaMonitor.Tests.Domain.Rules.HallCases;

namespace SlaMonitor.Tests.Domain.Stories;

/// <summary>Cases as halls live through them, in March 2026; each ends in an explanation that somebody has read.</summary>
public class CaseStories
{
    private const string Fire = """{"branch":"fire","agency":"F","to":"F"}""";
    private const string Hygiene = """{"branch":"hygiene","agency":"H","to":"H"}""";
    private const string Papers = """{"items":["lease"]}""";

    [Fact]
    public void Nobody_answered_an_application_and_it_is_accepted_as_of_its_receipt() => new Story(
        "An application is left lying for nine days; the window then accepts it and decides two days later.",
        Received("2026-03-02T09:30", "licence"),
        Accepted("2026-03-11T10:00"),
        Decided("2026-03-13T10:00")).IsExplainedAt("2026-03-13T12:00", "deemed_acceptance.txt");

    [Fact]
    public void A_silent_application_shows_nothing_of_acceptance_while_there_is_still_time() => new Story(
        "The same application on the last minute of its fifth day: nobody is late yet.",
        Received("2026-03-02T09:30", "licence")).IsExplainedAt("2026-03-09T18:00", "deemed_acceptance_not_yet.txt");

    [Fact]
    public void What_is_missing_was_asked_for_two_days_too_late() => new Story(
        "The window asks for the lease on Wednesday; it should have asked by Monday evening.",
        Received("2026-03-02T09:30", "licence"),
        On("2026-03-11T10:00", "case_supplement_requested", Papers),
        On("2026-03-16T10:00", "case_supplement_received"),
        Accepted("2026-03-16T10:30")).IsExplainedAt("2026-03-17T09:00", "late_supplement_notice.txt");

    [Fact]
    public void The_window_asked_a_second_time_for_papers_it_could_have_asked_for_at_once() => new Story(
        "Asked on Wednesday, all in on Thursday; on Friday the window asks for more, and accepts when that is in.",
        Received("2026-03-02T09:30", "licence"),
        On("2026-03-04T10:00", "case_supplement_requested", Papers),
        On("2026-03-05T15:00", "case_supplement_received"),
        On("2026-03-06T10:00", "case_supplement_requested", """{"items":["floor plan"]}"""),
        On("2026-03-10T15:00", "case_supplement_received"),
        Accepted("2026-03-10T16:00"),
        Decided("2026-03-17T18:00")).IsExplainedAt("2026-03-17T18:00", "second_supplement.txt");

    [Fact]
    public void A_joint_case_has_one_branch_that_is_late() => new Story(
        "Two agencies. Hygiene gets its papers the next day and agrees in time; fire gets them three days late and answers a day late.",
        Received("2026-03-02T09:30", "joint"),
        Accepted("2026-03-02T10:00"),
        On("2026-03-02T11:00", "case_branch_opened", Fire),
        On("2026-03-02T11:00", "case_branch_opened", Hygiene),
        On("2026-03-03T10:00", "case_branch_handed_over", Hygiene),
        On("2026-03-06T10:00", "case_branch_handed_over", Fire),
        On("2026-03-26T16:00", "case_branch_done", """{"branch":"hygiene","opinion":"agree"}"""),
        On("2026-03-31T10:00", "case_branch_done", """{"branch":"fire","opinion":"agree"}"""),
        Decided("2026-04-02T10:00")).IsExplainedAt("2026-04-03T09:00", "joint_case_with_a_late_branch.txt");

    [Fact]
    public void A_case_is_passed_upward_and_nobody_asks_how_it_stands() => new Story(
        "Reviewed and passed on in time; nobody asks until it comes back two weeks later; the applicant hears of it on the second day.",
        Received("2026-03-02T09:30", "upward"),
        Accepted("2026-03-02T10:00"),
        On("2026-03-10T10:00", "case_sent_upward", """{"authority":"P"}"""),
        On("2026-03-24T10:00", "case_returned_from_above", """{"result":"approved"}"""),
        Decided("2026-03-25T10:00"),
        On("2026-03-26T10:00", "case_applicant_notified")).IsExplainedAt("2026-03-26T12:00", "upward_case.txt");

    [Fact]
    public void A_commitment_is_called_an_instant_case_before_it_falls_due() => new Story(
        "On the last working day before due the window calls the case an instant one, and decides it after due.",
        Received("2026-03-02T09:30", "either"),
        Accepted("2026-03-02T10:00"),
        On("2026-03-06T15:00", "case_kind_changed", """{"from":"commitment","to":"instant","reason":"simple after all","by":"W1-01"}"""),
        Decided("2026-03-11T10:00")).IsExplainedAt("2026-03-11T12:00", "commitment_called_instant_before_due.txt");

    [Fact]
    public void A_commitment_is_called_an_instant_case_when_it_is_overdue() => new Story(
        "The same, the morning after due.",
        Received("2026-03-02T09:30", "either"),
        Accepted("2026-03-02T10:00"),
        On("2026-03-10T09:00", "case_kind_changed", """{"from":"commitment","to":"instant","by":"W1-01"}"""),
        Decided("2026-03-11T10:00")).IsExplainedAt("2026-03-11T12:00", "commitment_called_instant_after_due.txt");

    [Fact]
    public void An_answer_turns_out_to_be_complex_and_becomes_a_commitment_in_time() => new Story(
        "What was to be answered on the spot needs a review; the window says so before closing, and decides within five days.",
        Received("2026-03-02T09:30", "either", ""","kind":"answer" """),
        Accepted("2026-03-02T10:00"),
        On("2026-03-02T17:30", "case_kind_changed", """{"from":"answer","to":"commitment","reason":"needs a review","by":"W1-01"}"""),
        Decided("2026-03-09T17:00", "denied")).IsExplainedAt("2026-03-09T18:00", "answer_becomes_commitment_before_due.txt");

    [Fact]
    public void An_answer_that_is_overdue_is_called_a_commitment() => new Story(
        "The same, but said the next morning, when the answer was overdue.",
        Received("2026-03-02T09:30", "either", ""","kind":"answer" """),
        Accepted("2026-03-02T10:00"),
        On("2026-03-03T09:30", "case_kind_changed", """{"from":"answer","to":"commitment","reason":"needs a review","by":"W1-01"}"""),
        Decided("2026-03-09T17:00", "denied")).IsExplainedAt("2026-03-09T18:00", "answer_called_commitment_after_due.txt");

    [Fact]
    public void The_applicant_withdraws_a_working_day_before_due() => new Story(
        "Accepted on Monday, due the Monday after, withdrawn on the Friday between.",
        Received("2026-03-02T09:30", "licence"),
        Accepted("2026-03-02T10:00"),
        On("2026-03-06T16:00", "case_withdrawn", """{"by":"applicant"}""")).IsExplainedAt("2026-03-12T09:00", "withdrawn_a_day_before_due.txt");

    [Fact]
    public void A_decided_case_is_reopened_and_the_second_round_is_late() => new Story(
        "Decided in time, reopened a week later, accepted again, and decided on the sixth working day of five.",
        Received("2026-03-02T09:30", "licence"),
        Accepted("2026-03-02T10:00"),
        Decided("2026-03-05T10:00", "denied"),
        On("2026-03-12T10:00", "case_reopened", """{"reason":"review upheld"}"""),
        Accepted("2026-03-12T11:00"),
        Decided("2026-03-20T10:00")).IsExplainedAt("2026-03-20T12:00", "reopened.txt");
}

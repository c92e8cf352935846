using System.Globalization;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>The events of a suggested mapping: those whose times have columns of their own, then those only the states tell.</summary>
/// <param name="found">What the columns are taken for.</param>
/// <param name="known">The centre's catalogue; null: it is not known.</param>
internal sealed class SuggestedEvents(Suggestion found, Catalogue? known)
{
    private const string FillIn = UnfilledPlaces.Mark;
    private readonly Sample _sample = found.Sample;

    /// <summary>All of them, in the order of a case's life.</summary>
    public IEnumerable<SuggestedRule> All() =>
        [Received(), .. OfColumns(), .. found.Of(FieldRole.State) is not { } state ? [] : _sample.RowsAreCases ? OfFinalState(state) : OfStates(state)];

    private SuggestedRule Received()
    {
        var (column, why) = found.Of(TimeRole.Received) is { } own ? (own, Says(own, "the receipt"))
            : found.Of(TimeRole.Accepted) is { } accepted ? (accepted, $"No column tells the receipt; {YamlText.Of(accepted.Name)} stands in for it, and no case_accepted is made of it: at one and the same time a promise to tell of acceptance would be met at once, always. CHECK: promises that start at case_accepted begin only where the catalogue takes silence for acceptance. Where they matter more than that one, add a rule case_accepted at this column")
            : found.Of(TimeRole.Row) is { } row ? (row, "No column tells the receipt: the first record of a case stands in for it. CHECK")
            : (_sample.Columns.FirstOrDefault(c => c.Time is not null), "No column tells the receipt. FILL IN the one that does");
        return new SuggestedRule("case_received", column?.Name ?? FillIn, "received", why) { EachRow = _sample.RowsAreCases, Data = [.. new SuggestedFields(found, known).OfReceipt()] };
    }

    private IEnumerable<SuggestedRule> OfColumns()
    {
        foreach (var (role, type, what) in ((TimeRole, string, string)[])
        [
            (TimeRole.Accepted, "case_accepted", "the acceptance"), (TimeRole.Decided, "case_decided", "the decision or solution"),
            (TimeRole.Answered, "case_decided", "the answer"), (TimeRole.Closed, "case_closed", "the end"), (TimeRole.Delivered, "case_delivered", "the handing over of the result"),
        ])
        {
            // An acceptance that stands in for the receipt is not told twice.
            if (found.Of(role) is not { } column || (role == TimeRole.Accepted && found.Of(TimeRole.Received) is null))
                continue;
            // A case is decided once; an answer beside a decision tells of it.
            var told = role == TimeRole.Answered && found.Of(TimeRole.Decided) is not null ? "case_applicant_notified" : type;
            yield return new SuggestedRule(told, column.Name, told["case_".Length..], Says(column, what))
            {
                EachRow = _sample.RowsAreCases,
                When = column == LastEnd && _sample.RowsAreCases && Withdrawn() is { Count: > 0 } gone ? [$"{YamlText.Of(found.Of(FieldRole.State)!.Name)}: {{ not: {YamlText.List(gone)} }}"] : [],
                Data = told == "case_decided" ? [Outcome(role == TimeRole.Answered ? "answered" : ColumnWords.SpeaksOfSolution(column.Name) ? "resolved" : "approved")] : [],
            };
        }
    }

    /// <summary>The column with the time at which a case that came to nothing was ended.</summary>
    private ColumnProfile? LastEnd => found.Of(TimeRole.Closed) ?? found.Of(TimeRole.Decided);

    private static string Outcome(string usual) =>
        $"outcome: {{ value: {usual} }}  # CHECK: of all alike; or approved, denied, resolved, answered; by a column: {{ from: …, map: {{ … }} }}";

    private IReadOnlyList<string> Withdrawn() => found.Of(FieldRole.State) is { Shown: { } states } ? StateWords.Of("withdrawn", states) : [];

    /// <summary>Of a row that is a case only the last state is known.</summary>
    private IEnumerable<SuggestedRule> OfFinalState(ColumnProfile state)
    {
        if (Withdrawn() is { Count: > 0 } gone && (LastEnd ?? found.Of(TimeRole.Row)) is { } at)
            yield return new SuggestedRule("case_withdrawn", at.Name, "withdrawn", $"{YamlText.Of(state.Name)} says that it came to nothing. CHECK the words") { EachRow = true, When = [$"{YamlText.Of(state.Name)}: {YamlText.List(gone)}"] };
    }

    private IEnumerable<SuggestedRule> OfStates(ColumnProfile state)
    {
        if (found.Of(TimeRole.Row) is not { } time || state.Shown is not { } states)
            yield break;
        var (id, name) = (_sample.RowId(time, state) is { Length: > 0 } apart ? apart : FillIn, YamlText.Of(state.Name));
        SuggestedRule Rule(string type, string prefix, string why, string when, params string[] data) => new(type, time.Name, $"{prefix}/{id}", why) { EachRow = true, When = when.Length == 0 ? [] : [when], Data = data };

        var everyStep = state.Name == "concept:name";
        yield return Rule("case_stage_entered", "stage", $"{(everyStep ? "Each record is a step" : $"{name} is where the case stands")}. {IdAdvice(id)}", everyStep ? "" : $"{name}: {{ changed: true }}", $"stage: {{ from: {name} }}");
        if (found.Of(FieldRole.Priority) is { OfCase: false } priority)
        {
            var own = YamlText.Of(priority.Name);
            yield return Rule("case_priority_changed", "priority", $"{own} changes within cases", $"{own}: {{ changed: true }}", $"from: {{ before: {own} }}", $"to: {{ from: {own} }}");
        }

        if (StateWords.Of("wait", states) is { Count: > 0 } waits)
        {
            yield return Rule("case_special_procedure_started", "wait", "Waiting, by its words. Clocks stand still only for causes the catalogue lists for a commitment. CHECK words and cause", $"{name}: {{ becomes: {YamlText.List(waits)} }}", "procedure: { value: wait }", "cause: { value: waiting }");
            yield return Rule("case_special_procedure_ended", "waited", "The end of it", $"{name}: {{ leaves: {YamlText.List(waits)} }}", "procedure: { value: wait }");
        }

        foreach (var rule in Ends(states, name, Rule))
            yield return rule;
    }

    /// <summary>Decisions and ends that no column dates, and what goes on after them.</summary>
    private IEnumerable<SuggestedRule> Ends(IReadOnlyList<string> states, string name, Func<string, string, string, string, string[], SuggestedRule> rule)
    {
        var outcomes = ((string[])["resolved", "approved", "denied"]).SelectMany(k => StateWords.Of(k, states).Select(s => (State: s, Outcome: k))).ToList();
        var decides = outcomes.Count > 0 && found.Of(TimeRole.Decided) is null && found.Of(TimeRole.Answered) is null;
        var closed = found.Of(TimeRole.Closed) is null ? StateWords.Of("closed", states) : [];
        // An end that stands alone is the decision, at which promises stop as a rule.
        var endsAlone = !decides && closed.Count > 0 && found.Of(TimeRole.Decided) is null && found.Of(TimeRole.Answered) is null;
        if (decides)
            yield return rule("case_decided", "decided", "Decided, by its words. CHECK", $"{name}: {{ becomes: {YamlText.List(outcomes.Select(o => o.State))} }}", [$"outcome: {{ from: {name}, map: {{ {string.Join(", ", outcomes.Select(o => $"{YamlText.Of(o.State)}: {o.Outcome}"))} }} }}"]);
        if (endsAlone)
            yield return rule("case_decided", "decided", "Decided, as no word but this tells an end. CHECK", $"{name}: {{ becomes: {YamlText.List(closed)} }}", [Outcome("approved")]);
        else if (closed.Count > 0)
            yield return rule("case_closed", "closed", "Closed, by its words. CHECK", $"{name}: {{ becomes: {YamlText.List(closed)} }}", []);
        if (StateWords.Of("withdrawn", states) is { Count: > 0 } gone)
            yield return rule("case_withdrawn", "withdrawn", "It came to nothing, by its words. CHECK", $"{name}: {{ becomes: {YamlText.List(gone)} }}", []);
        // Where columns date decision and end, they tell the last one, and what was reopened before it has been dealt with.
        if (name != YamlText.Of("concept:name") && (decides || closed.Count > 0))
            yield return rule("case_reopened", "reopened", "Worked on again. CHECK the words", $"{name}: {{ leaves: {YamlText.List((decides ? outcomes.Select(o => o.State) : []).Concat(closed))} }}", ["reason: { value: worked on again }"]);
    }

    private static string IdAdvice(string id) => id == FillIn ? "NOTHING tells the records of a case apart: FILL IN what does" : "What is in braces tells the records of a case apart";

    /// <summary>Why a column was taken, and what in it to look at.</summary>
    private string Says(ColumnProfile column, string what)
    {
        var advice = new List<string> { $"{YamlText.Of(column.Name)} sounds like {(column == found.Of(TimeRole.Decided) && ColumnWords.TimeOf(column.Name).Role != TimeRole.Decided ? "the end, which is the decision where no other column tells one" : what)}" };
        var time = column.Time!;
        if (time.Unread > 0)
            advice.Add(string.Create(CultureInfo.InvariantCulture, $"{time.Unread:N0} of its values are no time in any known form: CHECK"));
        if (time.DayOrMonth)
            advice.Add("no value shows whether day or month comes first: CHECK");
        if (time.DatesOnly)
            advice.Add("it has no time of day: each counts as midnight, before opening. CHECK");
        if (!_sample.RowsAreCases && !column.OfCase)
            advice.Add("it differs within cases: the first of a case counts. CHECK");
        return string.Join("; ", advice);
    }
}

using System.Text.Json.Nodes;

namespace SlaMonitor.Host.OpenApi;

/// <summary>What each parameter means and an example of it; a name means the same on every route.</summary>
internal static class Parameters
{
    /// <summary>By name: the meaning, and a value to try; null: none that would fit every database.</summary>
    public static IReadOnlyDictionary<string, (string Meaning, JsonNode? Example)> All { get; } = new Dictionary<string, (string, JsonNode?)>
    {
        ["id"] = ("The case number, or the id of the outage or the complaint, as after case/, outage/ or complaint/ in the subject of its events.", "2026-000123"),
        ["purpose"] = ("What for, in a few words. It is kept beside who read it, so it must tell nothing of the person.", "reply to the complainant"),
        ["reader"] = ("Who reads, where no token says so.", "supervision desk"),
        ["token"] = ("The id of the token, as GET /tokens lists it.", null),
        ["name"] = ("The name of the mapping: of its file in the folder webhooks beside the catalogues.", "jira"),
        ["centre"] = ("The centre; may be left out where the database holds one.", "service-hall"),
        ["wait"] = ("Answers once the read models have passed this log position, such as one POST /events answered; after 30 seconds 504.", "1"),
        ["asOf"] = ("A log position, or a time with offset (its + written %2B): answers with what was known then.", null),
        ["at"] = ("An instant with offset: explains as if nothing had happened after it.", "2026-03-05T12:00:00+08:00"),
        ["commitment"] = ("The commitment, by its id in the catalogue; default: the first of the catalogue.", "case.promised"),
        ["state"] = ("Only clocks in this state: open, running, dueSoon, paused, overdue, met, breached or void.", "met"),
        ["item"] = ("Only cases of this item of the catalogue.", "food-business-licence"),
        ["window"] = ("Only cases at this window.", "W1"),
        ["staff"] = ("Only cases of this staff code.", "W1-01"),
        ["finding"] = ("Only complaints found substantiated or unsubstantiated, or none: nothing found, or nothing that was not reversed.", "substantiated"),
        ["category"] = ("Only complaints of this category of the catalogue.", "conduct"),
        ["channel"] = ("Only complaints that came so: inPerson, phone, letter, box, online, hotline, rating, petition, media or other.", "phone"),
        ["case"] = ("Only about the case of this number.", "2026-000123"),
        ["score"] = ("Only ratings given with this score, 1 best to 5 worst.", null),
        ["bad"] = ("true: only ratings of the two worst levels.", true),
        ["format"] = ("csv: all rows of the question as CSV, not only a page; as well by Accept: text/csv.", null),
        ["month"] = ("The month of the sample.", "2026-02"),
        ["verify"] = ("true: draws it again from the cases as they were then, and says in same whether the same is drawn.", true),
        ["target"] = ("Only notifications to this target, by its id in the file of targets.", "on-call"),
        ["kind"] = ("Only anomalies of this kind.", "stopBeforeStart"),
        ["period"] = ("A year, quarter or month in the centre's zone: 2026, 2026-Q1, 2026-03; default: the current quarter.", "2026-Q1"),
        ["by"] = ("What to group by: service, window, staff or none.", "service"),
        ["service"] = ("The IT service, by its id in the catalogue.", "queue-system"),
        ["open"] = ("true: only outages that have not ended; false: only those that have; default: both, and what turned out to be none.", true),
        ["decision"] = ("Only exclusions that are proposed, approved, refused or revoked.", "approved"),
        ["from"] = ("The first instant, with offset (its + written %2B).", null),
        ["to"] = ("The first instant that is not part of it, with offset; default: now.", null),
        ["segments"] = ("true: with every stretch of time and what it counted for.", true),
        ["limit"] = ("Rows of a page, 1 to 1000; default 100.", 10),
        ["after"] = ("Where to go on: next of the page before.", null),
    };
}

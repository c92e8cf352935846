using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Complaints;
using static SlaMonitor.Tests.Domain.Rules.HallCases;

namespace SlaMonitor.Tests.Domain.Rules;

/// <summary>Facts of a complaint on the wall clock of the hall, as they stand in the log: who complained is sealed.</summary>
internal static class HallComplaints
{
    public static ComplaintClocks Fold(params Recorded[] facts) => ComplaintClocks.Fold(facts, Hall);

    public static Recorded Registered(string local, string category, string more = "", string channel = "phone") =>
        On(local, "complaint_registered", $$"""{"channel":"{{channel}}","category":"{{category}}"{{more}}}""");

    public static Recorded Found(string local, string data = "{}") => On(local, "complaint_substantiated", data);

    public static Recorded Reversed(string local) => On(local, "complaint_reversed");

    public static Clock Promise(string commitment, params Recorded[] facts) => Assert.Single(Fold(facts).Clocks, c => c.Definition.Id == commitment);
}

using System.Reflection;
using System.Runtime.CompilerServices;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Domain.Outages;
using SlaMonitor.EventStore;
using SlaMonitor.Projections;

namespace SlaMonitor.Tests;

/// <summary>Rules of the house that the compiler does not know.</summary>
public class HouseRulesTests
{
    private static readonly Assembly[] Ours = [typeof(Recorded).Assembly, typeof(EventLog).Assembly, typeof(CommitmentClock).Assembly, typeof(SlaMonitor.Host.Server).Assembly];

    private static readonly Type[] Unions = [typeof(CaseEvent), typeof(ComplaintEvent), typeof(OutageEvent), typeof(ExclusionEvent), typeof(MaintenanceEvent), typeof(WatchEvent)];

    internal static readonly string Root = FindRoot();

    [Fact]
    public void References_run_one_way()
    {
        for (var i = 0; i < Ours.Length; i++)
        {
            var above = Ours[(i + 1)..].Select(a => a.GetName().Name).ToHashSet();
            Assert.DoesNotContain(Ours[i].GetReferencedAssemblies(), r => above.Contains(r.Name));
        }

        Assert.DoesNotContain(Ours[0].GetReferencedAssemblies(), r => r.Name!.StartsWith("Npgsql", StringComparison.Ordinal) || r.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_case_of_an_event_union_has_a_stored_name_and_is_sealed()
    {
        var cases = Unions.SelectMany(u => u.GetNestedTypes()).ToList();
        Assert.Equal(cases.OrderBy(c => c.FullName), EventTypes.All.Select(t => t.Case).OrderBy(c => c.FullName));
        Assert.All(cases, c => Assert.True(c.IsSealed && c.BaseType == c.DeclaringType));
        Assert.All(EventTypes.All, t => Assert.Matches("^[a-z]+(_[a-z0-9]+)+$", t.Name));
    }

    [Fact]
    public void Evolve_knows_every_case()
    {
        foreach (var type in EventTypes.All)
        {
            var recorded = new Recorded((StreamEvent)RuntimeHelpers.GetUninitializedObject(type.Case), type.Name, 0, Guid.Empty, Instant.FromUnixTimeTicks(0), 0, "", "", 1, Instant.FromUnixTimeTicks(0));
            Assert.All(StreamKinds.All.Where(type.FitsInto), k => Assert.NotNull(k switch
            {
                StreamKind.Case => Case.Evolve(Case.Unknown, recorded),
                StreamKind.Complaint => Complaint.Evolve(Complaint.Unknown, recorded),
                StreamKind.Outage => Outage.Evolve(Outage.Unknown, recorded),
                StreamKind.Maintenance => Maintenance.Evolve(Maintenance.Unknown, recorded),
                StreamKind.Service => Watch.Evolve(Watch.None, recorded),
                _ => null,
            }));
            Assert.Equal([], Exclusion.Evolve([], type.IsDecided && type.Case != typeof(ExclusionEvent.Proposed) ? recorded : recorded with { Event = new OutageEvent.Restored(false) }));
        }
    }

    [Fact]
    public void No_type_has_a_name_that_says_nothing()
    {
        string[] empty = ["Manager", "Helper", "Util", "Utils", "Common", "Impl", "Dto", "Info"];
        Assert.DoesNotContain(Ours.SelectMany(a => a.GetTypes()).Where(t => !t.IsDefined(typeof(CompilerGeneratedAttribute)) && t.Namespace?.StartsWith("SlaMonitor", StringComparison.Ordinal) == true), t => empty.Any(e => t.Name.EndsWith(e, StringComparison.Ordinal)));
    }

    [Fact]
    public void No_interface_has_a_single_implementation()
    {
        var types = Ours.SelectMany(a => a.GetTypes()).ToList();
        Assert.DoesNotContain(types.Where(t => t.IsInterface), i => types.Count(t => t.IsClass && i.IsAssignableFrom(t)) < 2);
    }

    [Fact]
    public void Records_of_events_and_state_hold_no_raw_collections()
    {
        var records = typeof(CaseEvent).GetNestedTypes().Append(typeof(Case)).Append(typeof(SlaMonitor.Domain.Commitments.CommitmentDefinition));
        Assert.DoesNotContain(records.SelectMany(r => r.GetProperties()), p => p.PropertyType.IsArray || (p.PropertyType.IsGenericType && p.PropertyType.Namespace!.StartsWith("System.Collections", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        Assert.DoesNotContain(Sources(), f => File.ReadLines(f).Count() > 400);

    [Fact]
    public void Nothing_committed_names_a_registry_host_or_a_path_of_a_machine()
    {
        string[] forbidden = [string.Concat("api.", "nuget.org"), string.Concat("registry.", "npmjs"), string.Concat("/ro", "ot/"), string.Concat("/wo", "rk/")];
        var files = Sources().Concat(Directory.EnumerateFiles(Root)).Concat(Directory.EnumerateFiles(Root, "packages.lock.json", SearchOption.AllDirectories).Where(f => !f.Contains("node_modules", StringComparison.Ordinal)));
        Assert.DoesNotContain(files, f => forbidden.Any(File.ReadAllText(f).Contains));
    }

    private static IEnumerable<string> Sources() => new[] { "src", "tests", "bench" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "SlaMonitor.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}

using System.Text;
using System.Text.Json.Nodes;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Host;

public class CatalogueFilesTests
{
    [Theory]
    [InlineData("promised: { workingDays: 5 }", "promissed: { workingDays: 5 }", "service-hall.yaml:72:5: items[2].promissed is not a field")]
    [InlineData("windows:\n", "windos:\n", "service-hall.yaml:12:1: windos is not a field")]
    [InlineData("  calendar: cn\n", "  calendar: xx\n", "service-hall.yaml:11:3: centre.calendar is not among")]
    [InlineData("stop: { any: [case_decided] }", "stop: { any: [case_eaten] }", "cn-licensing.yaml:22:5: commitments[0].stop names 'case_eaten'")]
    [InlineData("id: clinic-licence", "id: nurse-registration", "'nurse-registration' 2 times")]
    [InlineData("effectiveFrom: 2007-01-01", "effectiveFrom: soon", "effectiveFrom is not a date")]
    [InlineData("limit: item.promised", "limit: item.promise", "is not a limit")]
    [InlineData("before: { workingDays: 1 }", "before: { calendarDays: 1 }", "must be in workingDays")]
    [InlineData("cn: ../calendars/cn.yaml", "cn: ../calendars/gone.yaml", "cn-licensing.yaml:4:14: calendars.cn names ../calendars/gone.yaml, which is not at ")]
    [InlineData("cn: ../calendars/cn.yaml", "cn: { base: ../calendars/gone.yaml }", "cn-licensing.yaml:4:20: calendars.cn.base names ../calendars/gone.yaml, which is not at ")]
    [InlineData("cn: ../calendars/cn.yaml", "cn: { base: 5 }", "calendars.cn.base is not a field")]
    [InlineData("priority: petition, limit: { calendarDays: 60 }", "priority: petitions, limit: { calendarDays: 60 }", "limit is for priority 'petitions', which no category of complaints has; use petition, urgent")]
    [InlineData("priority: urgent, limit: { workingDays: 3 }", "kind: joint, limit: { workingDays: 3 }", "limit is by kind, which only a case has")]
    [InlineData("approver: centre-head }", "approver: centre-head, kind: joint }", "extend is by kind, which only a case has")]
    [InlineData("id: attitude,", "id: passport,", "complaintCategories has 'passport', which is an item or a service as well")]
    [InlineData("early: ignored", "early: never", "commitments[17].stop.early")]
    [InlineData("base: base/cn-licensing.yaml", "base: base/gone.yaml", "service-hall.yaml:7:1: base names base/gone.yaml, which is not at ")]
    [InlineData("base: base/cn-licensing.yaml", "base: service-hall.yaml", "builds in a circle: service-hall.yaml on service-hall.yaml")]
    [InlineData("version: \"2026-4\"", "version: [", "line 5, column 10 [ is not closed; write ] where its list ends")]
    [InlineData("version: \"2026-4\"", "version: \"2026-4", "line ")]
    [InlineData("version: \"2026-4\"", "version: &v [*v]", "deeper than")]
    [InlineData("version: \"2026-4\"", "? [a, b]\n: 1", "name of a field")]
    [InlineData("base: base/cn-licensing.yaml", "base: .", "is not a file that can be read")]
    [InlineData("effectiveFrom: 2007-01-01", "effectiveFrom: 9999-12-31", "is not between 1900 and 2190")]
    [InlineData("id: tender,", "id: hearing,", "causes has 'hearing' 2 times")]
    [InlineData("code: W1-01, window: W1", "code: W1-01, window: W9", "service-hall.yaml:21:20: staff[0].window is not among")]
    [InlineData("promised: { workingDays: 5 }\n    statutory: { workingDays: 20 }", "promised: { workingDays: 25 }\n    statutory: { workingDays: 20 }", "items[2].promised runs beyond the statutory limit for a case that starts on 2026-01-01; promise no more")]
    [InlineData("promised: { workingDays: 5 }\n    statutory: { workingDays: 20 }", "promised: { calendarDays: 30 }\n    statutory: { workingDays: 20 }", "items[2].promised runs beyond the statutory limit for a case that starts on 2026-01-01")]
    [InlineData("cn: ../calendars/cn.yaml", "cn: { zone: Asia/Shanghai, week: {} }", "items[2].promised cannot be reached within the calendar")]
    [InlineData("promised: { sameDay: true }", "promised: { workingDays: 1 }", "cases of this kind are done at once")]
    [InlineData("promised: { workingDays: 5 }\n    statutory: { workingDays: 20 }", "promised: { sameDay: true }", "a commitment takes a working day at least")]
    [InlineData("kind: commitment\n    promised: { workingDays: 5 }", "kind: joint\n    promised: { workingDays: 5 }", "items[2].branches has 0, and a joint item concerns two agencies at least")]
    [InlineData("causes: [hearing, tender,", "causes: [holiday, tender,", "pause names the cause 'holiday', which is not among causes")]
    [InlineData("limit: { workingDays: 5 }\n", "limit: [{ limit: { workingDays: 5 } }, { priority: petition, limit: { workingDays: 9 } }]\n", "limit[1] is never reached: row 0 fits all its cases")]
    [InlineData("start: { overdue: case.promised }", "start: { overdue: case.overdue-explanation }", "begins in a circle: case.overdue-explanation when overdue: case.overdue-explanation")]
    [InlineData("start: { overdue: case.promised }", "start: { overdue: case.promise }", "is the due of 'case.promise', which is no commitment")]
    [InlineData("when: { outcome: [approved] }", "when: { result: [approved] }", "asks case_decided for 'result'; use outcome")]
    [InlineData("limit: { given: dueOn }", "limit: { given: due }", "is given by 'due', which case_tolerance_granted does not carry; use dueOn")]
    [InlineData("    key: branch\n", "    key: staff\n", "is 'staff', which case_branch_opened does not carry; use branch")]
    [InlineData("deemed: accepted\n", "deemed: accepted\n    target: 97.5\n", "cn-licensing.yaml:65:5: commitments[2].target is not above 0 and at most 1; 97.5 % is written 0.975")]
    [InlineData("deemed: accepted\n", "deemed: accepted\n    target: 0\n", "commitments[2].target is not above 0 and at most 1")]
    [InlineData("deemed: accepted\n", "deemed: accepted\n    target: most\n", "commitments[2].target is not a number")]
    [InlineData("holidays:\n", "holidays:\n  - 2026-02-14\n", "holds 2026-02-14, which is a make-up working day as well")]
    public void A_catalogue_that_cannot_be_used_is_refused_with_the_place_the_field_and_the_remedy(string right, string wrong, string reason)
    {
        var folder = Changed(right, wrong);
        try
        {
            var refused = Assert.Throws<CatalogueFileException>(() => CatalogueFiles.ReadAll(folder.FullName));
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void All_faults_of_a_file_and_its_base_are_told_at_once_each_at_its_place()
    {
        var folder = Changed("causes: [hearing, tender,", "causes: [holiday, tender,");
        var file = Path.Combine(folder.FullName, "service-hall.yaml");
        File.WriteAllText(file, File.ReadAllText(file).Replace("promised: { sameDay: true }", "promised: { workingDays: 1 }", StringComparison.Ordinal));
        try
        {
            var refused = Assert.Throws<CatalogueFileException>(() => CatalogueFiles.Read(file));
            // Five commitments of the base name the cause; eight instant items now take a day.
            Assert.Equal(13, refused.Lines.Count);
            Assert.All(refused.Lines, line => Assert.Matches(@"^(cn-licensing|service-hall)\.yaml:\d+:\d+: (commitments|items)\[\d+\]\.", line));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_a_file_says_takes_the_place_of_what_its_base_says_and_the_rest_of_the_base_stays()
    {
        var folder = Directory.CreateTempSubdirectory("sla-catalogue-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "base.yml"), """
                calendars: { c: { zone: UTC, week: { mon: ["09:00-17:00"] } }, d: { zone: UTC, week: { tue: ["09:00-17:00"] } } }
                causes: [{ id: a, names: { zh: 甲, en: A }, basis: law 1 }, { id: b, names: { zh: 乙, en: B }, basis: law 1 }]
                """);
            File.WriteAllText(Path.Combine(folder.FullName, "hall.yaml"), """
                base: base.yml
                version: "1"
                effectiveFrom: 2026-01-01
                centre: { id: hall, names: { zh: 厅, en: Hall }, calendar: c }
                calendars: { c: { zone: Asia/Shanghai, week: { wed: ["09:00-17:00"] } } }
                causes: [{ id: c, names: { zh: 丙, en: C }, basis: law 3 }, { id: a, names: { zh: 甲, en: A }, basis: law 2 }]
                commitments:
                """);
            var read = CatalogueFiles.ReadAll(folder.FullName).Single();
            Assert.Equal(["Asia/Shanghai", "UTC"], read.Catalogue.Calendars.OrderBy(c => c.Key).Select(c => c.Value.Zone.Id));
            Assert.Equal([("a", "law 2"), ("b", "law 1"), ("c", "law 3")], read.Catalogue.Causes.OrderBy(c => c.Key).Select(c => (c.Key, c.Value.Basis)));
            Assert.False(read.Content.ContainsKey("base"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_sample_hall_has_six_windows_and_forty_items_of_all_five_kinds_and_nothing_to_be_advised_of()
    {
        var hall = CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "service-hall.yaml"));
        Assert.Equal((6, 40, 5), (hall.Catalogue.Windows.Count, hall.Catalogue.Items.Count, hall.Catalogue.Items.Values.Select(i => i.Kind).Distinct().Count()));
        Assert.Empty(hall.Advice);
    }

    [Fact]
    public void Aliases_that_would_fill_the_memory_are_refused()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 9; i++)
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        var folder = WithCatalogue(bomb.ToString());
        try
        {
            Assert.Contains("larger than", Assert.Throws<CatalogueFileException>(() => CatalogueFiles.ReadAll(folder.FullName)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_calendar_laid_over_another_has_its_own_hours_on_the_holidays_of_the_other()
    {
        var catalogue = CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "examples", "citizen-messages.yaml")).Catalogue;
        var (own, hall) = (catalogue.Calendars["beginnings"].Definition, catalogue.Calendars["cn"].Definition);
        Assert.Equal((hall.Holidays.Count, hall.Workdays.Count, hall.PublishedYears), (own.Holidays.Count, own.Workdays.Count, own.PublishedYears));
        Assert.True(own.Holidays.SetEquals(hall.Holidays));
        Assert.Equal(["00:00-00:01"], own.Week.Values.Select(h => h.ToString()).Distinct());
        Assert.NotEqual(hall.Version, own.Version);
    }

    [Fact]
    public void An_entry_that_names_one_of_the_base_changes_the_fields_it_gives_and_no_others()
    {
        var folder = Changed("commitments:\n  # Targets", "commitments:\n  - { base: case.joint, target: 0.9, limit: { workingDays: 3 }, levels: }\n  # Targets");
        try
        {
            var (changed, shipped) = (CatalogueFiles.ReadAll(folder.FullName).Single(), CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "service-hall.yaml")));
            var (was, becomes) = (shipped.Catalogue.Commitments.Single(c => c.Id == "case.joint"), changed.Catalogue.Commitments.Single(c => c.Id == "case.joint"));
            Assert.Equal((null, 0.9m), (was.Target, becomes.Target));
            Assert.NotEqual(was.Limit, becomes.Limit);
            Assert.Equal(was with { Target = becomes.Target, Limit = becomes.Limit }, becomes);
            // In its place, and the others are as they were.
            Assert.Equal(shipped.Content["commitments"]!.AsArray().Select(Others), changed.Content["commitments"]!.AsArray().Select(Others));

            static string Others(JsonNode? entry) => (string)entry!["id"]! == "case.joint" ? "case.joint" : entry.ToJsonString();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("- { base: case.promise, target: 0.9 }", "service-hall.yaml:516:7: commitments[0].base names 'case.promise', which the file's base does not have; correct the id, or write id and all fields")]
    [InlineData("- { base: [case.joint], target: 0.9 }", "service-hall.yaml:516:7: commitments[0].base is not the id of an entry of the file's base")]
    [InlineData("- { id: case.joint, base: case.joint, target: 0.9 }", "commitments[0].base stands beside an id of its own; leave one of them out")]
    [InlineData("- { base: case.joint, target: 0.9 }\n  - { base: case.joint, target: 0.8 }", "service-hall.yaml:517:7: commitments[1].base names 'case.joint', which stands in this list a second time")]
    [InlineData("- { base: complaint.transfer, target: 0.9 }", "commitments[0].base names 'complaint.transfer', which the file's base does not have")]
    [InlineData("- { base: case.joint, target: 2 }", "service-hall.yaml:516:25: commitments[4].target is not above 0 and at most 1")]
    [InlineData("- { base: case.joint, goal: 0.9 }", "commitments[4].goal is not a field")]
    public void An_entry_that_cannot_be_laid_over_another_is_refused_with_its_place(string entry, string reason)
    {
        var folder = Changed("commitments:\n  # Targets", $"commitments:\n  {entry}\n  # Targets");
        try
        {
            Assert.Contains(reason, Assert.Throws<CatalogueFileException>(() => CatalogueFiles.ReadAll(folder.FullName)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void An_entry_can_be_laid_over_nothing_where_there_is_no_base()
    {
        var folder = WithCatalogue("version: \"1\"\ncommitments:\n  - { base: case.promised, target: 0.9 }\n");
        try
        {
            Assert.Contains("service-hall.yaml:3:7: commitments[0].base names 'case.promised', which no base of this file has", Assert.Throws<CatalogueFileException>(() => CatalogueFiles.ReadAll(folder.FullName)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The shipped catalogues with one text in one of their files changed.</summary>
    private static DirectoryInfo Changed(string right, string wrong)
    {
        var folder = Directory.CreateTempSubdirectory("sla-catalogue-");
        var changed = false;
        foreach (var name in (string[])["service-hall.yaml", "base/cn-licensing.yaml", "calendars/cn.yaml"])
        {
            var text = File.ReadAllText(Path.Combine(CatalogueFiles.Folder, name));
            var to = Path.Combine(folder.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            var isHere = !changed && text.Contains(right, StringComparison.Ordinal);
            File.WriteAllText(to, isHere ? text.Replace(right, wrong, StringComparison.Ordinal) : text);
            changed |= isHere;
        }

        Assert.True(changed, $"no catalogue holds: {right}");
        return folder;
    }

    private static DirectoryInfo WithCatalogue(string yaml)
    {
        var folder = Directory.CreateTempSubdirectory("sla-catalogue-");
        var calendars = folder.CreateSubdirectory("calendars");
        File.Copy(Path.Combine(CatalogueFiles.Folder, "calendars", "cn.yaml"), Path.Combine(calendars.FullName, "cn.yaml"));
        File.WriteAllText(Path.Combine(folder.FullName, "service-hall.yaml"), yaml);
        return folder;
    }
}

using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Domain.Catalogues;

/// <summary>A catalogue of services and agreements as somebody writes it, in as few words as it takes. Hours: day 09–17, late 10–18, each day of the week.</summary>
internal sealed record ServiceFile(Catalogue? Catalogue, IReadOnlyList<string> Faults, IReadOnlyList<string> Advice)
{
    private const string Names = "names: { zh: 名, en: Name }";

    /// <summary>Reads lines such as <c>id: a, hours: day</c>; each becomes a service, or an agreement from 2026 on, with names.</summary>
    public static ServiceFile Of(string[] services, string[] agreements, string more = "")
    {
        string[] week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        var folder = Directory.CreateTempSubdirectory("sla-services-");
        var file = Path.Combine(folder.FullName, "it.yaml");
        File.WriteAllText(file, $$"""
            version: "1"
            effectiveFrom: 2026-01-01
            centre: { id: it, {{Names}}, calendar: day }
            calendars:
              day: { zone: Asia/Shanghai, week: { {{Hours("09:00-17:00")}} } }
              late: { zone: Asia/Shanghai, week: { {{Hours("10:00-18:00")}} } }
              never: { zone: Asia/Shanghai, week: {} }
            {{more}}
            services: [{{string.Join(", ", services.Select(s => $"{{ {Names}, {s} }}"))}}]
            agreements: [{{string.Join(", ", agreements.Select(a => $"{{ {Names}, provider: it, customer: hall, {(a.Contains("from: ", StringComparison.Ordinal) ? "" : "from: 2026-01-01, ")}{a} }}"))}}]
            """);
        try
        {
            var read = CatalogueFiles.Read(file);
            return new ServiceFile(read.Catalogue, [], [.. read.Advice.Select(a => $"{a.Field} {a.Reason}")]);
        }
        catch (CatalogueFileException refused)
        {
            return new ServiceFile(null, refused.Lines, []);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        string Hours(string hours) => string.Join(", ", week.Select(d => $"{d}: [\"{hours}\"]"));
    }

    /// <summary>The only fault.</summary>
    public string Fault => Assert.Single(Faults);
}

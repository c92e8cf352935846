using System.Globalization;
using System.Xml.Linq;
using NodaTime;
using SlaMonitor.Domain.Availability;

namespace SlaMonitor.Host.Pages;

/// <summary>The last days of a service, a cell each, told apart by shape as well as by colour, and each leading to its day.</summary>
internal sealed class ServiceStrip(PageFrame frame, string service, string name, LostShare? target)
{
    private const double Cell = 10;
    private const double Height = 26;

    private PageLanguage L => frame.Language;

    /// <summary>The drawing as SVG.</summary>
    public XElement Of(IReadOnlyList<(LocalDate Day, AvailabilityTotals Totals)> days) => new(
        "svg",
        new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {days.Count * Cell} {Height + 14}")),
        new XAttribute("class", "days"), new XAttribute("role", "group"), new XAttribute("aria-label", L.Of($"{name}：最近 {days.Count} 天", $"{name}: the last {days.Count} days")),
        days.Select((d, i) => Day(i * Cell, d.Day, d.Totals)), days.Select((d, i) => (d.Day, At: i * Cell)).Where(d => d.Day.Day == 1 && d.At < (days.Count * Cell) - 40).Select(d => Month(d.At, d.Day)));

    /// <summary>What became of a day, as the class of its cell.</summary>
    public static string KindOf(AvailabilityTotals totals, LostShare? target) => totals switch
    {
        { Agreed: > 0, Downtime: var lost } when lost == 0 => "full",
        { Agreed: > 0 } => target is { } share && !totals.Availability!.Value.IsAtLeast(share) ? "missed" : "some",
        { Hours: 0 } => "closed",
        var t when t.LeftOut >= t.Hours => "left-out",
        _ => "unseen",
    };

    private XElement Day(double x, LocalDate day, AvailabilityTotals totals)
    {
        var kind = KindOf(totals, target);
        var cell = new XElement("a", new XAttribute("href", frame.ServiceAddress(service, ("period", Date(day)))), new XAttribute("class", kind), Svg.Title(Told(day, totals)), Rect("ground", x, 0, Cell, Height));
        // Days on which nothing was lost are many, and lead nowhere anybody has to go by keyboard.
        if (kind is not ("missed" or "some"))
            cell.Add(new XAttribute("tabindex", -1));
        foreach (var part in Shape(kind, x + 1))
            cell.Add(part);
        if (totals is { Agreed: > 0, Unobserved: > 0 })
            cell.Add(Rect("gap", x + 2.5, Height - 7, Cell - 5, 5));
        return cell;
    }

    private static IEnumerable<XElement> Shape(string kind, double x) => kind switch
    {
        "full" => [Rect("body", x, 5, 8, 21)],
        "some" => [Rect("body", x, 13, 8, 13), Rect("lost", x, 5, 8, 6)],
        "missed" => [Rect("body", x, 0, 8, 26), Path("cross", x, "M 1.5 10 l 5 5 m 0 -5 l -5 5")],
        "closed" => [Rect("body", x, 23, 8, 2)],
        "left-out" => [Rect("body", x + 0.5, 5.5, 7, 20), Path("bar", x, "M 1 25 L 7 6")],
        _ => [Rect("body", x + 0.5, 5.5, 7, 20)],
    };

    private string Told(LocalDate day, AvailabilityTotals totals)
    {
        var text = Date(day) + ": " + (totals.Availability is { } achieved
            ? PageLanguage.Percent(achieved) + (totals.Downtime > 0 ? L.Of($"，停机 {L.Hours(totals.Downtime)}", $", {L.Hours(totals.Downtime)} lost") : "")
            : L.WhyNone(totals));
        if (totals is { Agreed: > 0, Unobserved: > 0 })
            text += L.Of($"，其中 {L.Hours(totals.Unobserved)} 无人监测", $", {L.Hours(totals.Unobserved)} not observed");
        return text;
    }

    private static XElement Month(double x, LocalDate day) => Svg.Text("month", x, Height + 11, "start", day.ToString("uuuu-MM", CultureInfo.InvariantCulture));

    private static XElement Rect(string kind, double x, double y, double width, double height) => Svg.Rect(kind, x, x + width, y, height);

    private static XElement Path(string kind, double x, string path) => new("path", new XAttribute("class", kind), new XAttribute("transform", $"translate({Text(x)} 0)"), new XAttribute("d", path));

    private static string Date(LocalDate day) => day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}

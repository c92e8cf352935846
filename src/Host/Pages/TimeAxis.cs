using System.Globalization;
using System.Xml.Linq;
using NodaTime;
using static SlaMonitor.Host.Pages.Svg;
using Calendar = SlaMonitor.Domain.Time.Calendar;

namespace SlaMonitor.Host.Pages;

/// <summary>What all drawings on a line of time have in common: the hours on the ground, the days above, marks that are numbered, and now.</summary>
/// <param name="frame">The page.</param>
/// <param name="calendar">Its hours.</param>
/// <param name="from">Where the line begins.</param>
/// <param name="until">Where it ends.</param>
/// <param name="mostBands">Of more opening times than these none is told apart.</param>
internal sealed class TimeAxis(PageFrame frame, Calendar calendar, Instant from, Instant until, int mostBands)
{
    public const double Width = 1000;

    private const double Top = 22;
    private const double DaysAt = 14;
    private const double DaysApart = 76;
    private const double MarksApart = 2;
    private const int MostTold = 20;

    private readonly TimeScale _scale = new(calendar, from, until, Width);

    public Instant From => _scale.From;

    public Instant Until => _scale.Until;

    /// <inheritdoc cref="TimeScale.At"/>
    public double At(Instant instant) => _scale.At(instant);

    /// <summary>The drawing.</summary>
    /// <param name="kind">Its class.</param>
    /// <param name="label">What it is called.</param>
    /// <param name="bottom">Where the ground ends.</param>
    /// <param name="parts">What it is made of.</param>
    public static XElement Draw(string kind, string label, double bottom, params ReadOnlySpan<object?> parts) => new(
        "svg",
        new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"-10 0 {Width + 20} {bottom + 24}")),
        new XAttribute("class", kind), new XAttribute("role", "img"), new XAttribute("aria-label", label), parts.ToArray());

    /// <summary>When it is open, down to the bottom.</summary>
    public IEnumerable<XElement> Ground(double bottom)
    {
        var bands = _scale.OpenBands(mostBands);
        return bands.Count == 0
            ? [Rect("open", 0, Width, Top, bottom - Top)]
            : [Rect("closed", 0, Width, Top, bottom - Top), .. bands.Select(b => Rect("open", b.From, b.Until, Top, bottom - Top))];
    }

    /// <summary>The year is said once, and again where it changes.</summary>
    public IEnumerable<XElement> Days()
    {
        var year = 0;
        foreach (var (at, day) in _scale.Days(DaysApart))
        {
            var text = day.ToString(day.Year == year ? "MM-dd" : "uuuu-MM-dd", CultureInfo.InvariantCulture);
            year = day.Year;
            yield return Written(at, text);
        }
    }

    /// <summary>Hours in place of days, for a line too short for these.</summary>
    public IEnumerable<XElement> Hours()
    {
        var last = double.NegativeInfinity;
        for (var at = From; at <= Until; at += Duration.FromHours(1))
        {
            if (At(at) is var x && x - last < DaysApart)
                continue;
            last = x;
            yield return Written(x, at.InZone(frame.Zone).LocalDateTime.ToString("HH:mm", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Numbered marks, each with the index of the first that it stands for; those that would lie on each other share one.</summary>
    /// <param name="instants">Where they lie, in order.</param>
    /// <param name="y">Their middle.</param>
    /// <param name="told">What is told of each, by its index.</param>
    public IEnumerable<(int First, XElement Mark)> Marks(IReadOnlyList<Instant> instants, double y, Func<int, string> told)
    {
        var marks = new List<(int First, int Last, double At)>();
        for (var i = 0; i < instants.Count; i++)
        {
            var mark = (First: i, Last: i, At: At(instants[i]));
            while (marks.Count > 0 && marks[^1] is var before && before.At + Half(before.First, before.Last) + MarksApart > mark.At - Half(mark.First, mark.Last))
            {
                mark = (before.First, mark.Last, (At(instants[before.First]) + At(instants[mark.Last])) / 2);
                marks.RemoveAt(marks.Count - 1);
            }

            marks.Add(mark);
        }

        return marks.Select(m => (m.First, Mark(m.First, m.Last, m.At, y, told)));
    }

    /// <summary>Where it is now, if that lies on the line.</summary>
    public IEnumerable<XElement> Now(double bottom) => frame.Now > Until || frame.Now < From ? []
        : [Line("now", At(frame.Now), Top, bottom), Text("now", At(frame.Now), bottom + 16, At(frame.Now) > Width - 40 ? "end" : "middle", frame.Language.Of("现在", "now"))];

    private static XElement Written(double at, string text) => Text("day", at, DaysAt, at > Width - 40 ? "end" : "start", text);

    private static XElement Mark(int first, int last, double at, double y, Func<int, string> told)
    {
        var half = Half(first, last);
        var place = Math.Clamp(at, half - 9, Width + 9 - half);
        var lines = Enumerable.Range(first, Math.Min(last - first + 1, MostTold)).Select(i => $"{Number(i)}  {told(i)}");
        return new XElement("g", new XAttribute("class", "event"), Title(string.Join('\n', lines)),
            new XElement("rect", Attribute("x", place - half), Attribute("y", y - 9), Attribute("width", 2 * half), Attribute("height", 18), Attribute("rx", 9)),
            Text("", place, y + 4, "middle", Label(first, last)));
    }

    private static string Label(int first, int last) => first == last ? Number(first) : $"{Number(first)}–{Number(last)}";

    private static double Half(int first, int last) => Math.Max(9, (Label(first, last).Length * 4) + 4);

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}

using System.IO.Compression;
using System.Text;
using SlaMonitor.Host.Metrics;

namespace SlaMonitor.Tests.Host.Metrics;

public class ExpositionTests
{
    private static readonly Family[] Families =
    [
        new("a_events", FamilyType.Counter, "Some \"events\"\nand \\.", [new([("kind", "x\"y\\z\n")], 3), new([("kind", "说")], 1e21)]),
        new("b_wait_seconds", FamilyType.Histogram, "Waiting.", [new([("le", "0.5")], 1, "_bucket"), new([("le", "+Inf")], 2, "_bucket"), new([], 2, "_count"), new([], 0.75, "_sum")]),
        Family.Single("c_ratio", "A ratio.", 0.1),
        new("d_nothing", FamilyType.Gauge, "None.", []),
    ];

    [Fact]
    public void The_text_format_names_samples_and_OpenMetrics_names_families_with_their_units()
    {
        var written = ExpositionWriter.Write(Families);
        const string Counted = "a_events_total{kind=\"x\\\"y\\\\z\\n\"} 3\na_events_total{kind=\"说\"} 1E+21\n";
        const string Waited = "b_wait_seconds_bucket{le=\"0.5\"} 1\nb_wait_seconds_bucket{le=\"+Inf\"} 2\nb_wait_seconds_count 2\nb_wait_seconds_sum 0.75\n";
        Assert.Equal(
            "# HELP a_events_total Some \"events\"\\nand \\\\.\n# TYPE a_events_total counter\n" + Counted
            + "# HELP b_wait_seconds Waiting.\n# TYPE b_wait_seconds histogram\n" + Waited
            + "# HELP c_ratio A ratio.\n# TYPE c_ratio gauge\nc_ratio 0.1\n# HELP d_nothing None.\n# TYPE d_nothing gauge\n",
            Encoding.UTF8.GetString(written.Plain(ExpositionFormat.Text).Span));
        Assert.Equal(
            "# HELP a_events Some \\\"events\\\"\\nand \\\\.\n# TYPE a_events counter\n" + Counted
            + "# HELP b_wait_seconds Waiting.\n# TYPE b_wait_seconds histogram\n# UNIT b_wait_seconds seconds\n" + Waited
            + "# HELP c_ratio A ratio.\n# TYPE c_ratio gauge\n# UNIT c_ratio ratio\nc_ratio 0.1\n# HELP d_nothing None.\n# TYPE d_nothing gauge\n",
            Encoding.UTF8.GetString(written.Plain(ExpositionFormat.OpenMetrics).Span));
    }

    [Fact]
    public void A_series_a_family_or_a_label_that_stands_twice_throws()
    {
        Throws("the series a{k=\"1\"} stands twice", new Family("a", FamilyType.Gauge, "", [new([("k", "1")], 1), new([("k", "2")], 1), new([("k", "1")], 2)]));
        Throws("the series a stands twice", new Family("a", FamilyType.Gauge, "", [new([], 1), new([], 1)]));
        Throws("the family a stands twice", Family.Single("a", "", 1), Family.Single("a", "", 1));
        Throws("the series a_total stands twice", new Family("a", FamilyType.Counter, "", [new([], 1)]), Family.Single("a_total", "", 1));
        Throws("the labels of a are not in the order of their names", new Family("a", FamilyType.Gauge, "", [new([("k", "1"), ("k", "2")], 1)]));
        Throws("the labels of a are not in the order of their names", new Family("a", FamilyType.Gauge, "", [new([("l", "1"), ("k", "2")], 1)]));
        var before = ExpositionWriter.Write([Family.Single("a", "", 1)]);
        Assert.Contains("the family a stands twice", Assert.Throws<InvalidOperationException>(() => ExpositionWriter.Write([Family.Single("a", "", 1)], before.Families)).Message, StringComparison.Ordinal);
    }

    private static void Throws(string reason, params Family[] families) =>
        Assert.Contains(reason, Assert.Throws<InvalidOperationException>(() => ExpositionWriter.Write(families)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("text/html, */*;q=0.8", false)]
    [InlineData("nonsense", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text;version=0.0.1", false)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.2,text/plain;version=0.0.4;q=0.5", false)]
    [InlineData("application/openmetrics-text; version=\"1.0.0\"; q=0.5, text/plain;q=0.5", true)]
    [InlineData("application/openmetrics-text;q=0, */*", false)]
    [InlineData("application/openmetrics-text;q=0.5, */*", false)]
    public void Who_names_OpenMetrics_gets_it_unless_the_text_format_is_preferred(string? accept, bool open) =>
        Assert.Equal(open, ExpositionFormat.For(accept).IsOpenMetrics);

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("deflate, br", false)]
    [InlineData("gzip", true)]
    [InlineData("identity;q=1, GZIP;q=0.1", true)]
    [InlineData("gzip;q=0, *", false)]
    [InlineData("*", true)]
    [InlineData("*;q=0", false)]
    public void Gzip_is_sent_to_who_asks_for_it(string? coding, bool gzip) => Assert.Equal(gzip, ExpositionFormat.TakesGzip(coding));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 10)]
    [InlineData(10, 0)]
    [InlineData(300_000, 5_000)]
    public void What_was_deflated_before_and_its_end_are_one_gzip_document(int length, int more)
    {
        var random = new Random(length + more);
        var (first, rest) = (new byte[length], new byte[more]);
        foreach (var part in (byte[][])[first, rest])
        {
            for (var i = 0; i < part.Length; i++)
                part[i] = (byte)random.Next(random.Next(1, 256));
        }

        var piece = DeflatedPiece.Of(first);
        // More than once: a scrape does not use it up.
        for (var times = 0; times < 2; times++)
        {
            using var document = new GZipStream(new MemoryStream([.. piece.Bytes.Span, .. piece.End(rest)]), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            document.CopyTo(plain);
            Assert.Equal([.. first, .. rest], plain.ToArray());
        }
    }
}

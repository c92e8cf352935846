using System.Text;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Tests.Host;

public class JsonLinesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("\n\r\n \t\n", "")]
    [InlineData("a", "1:a")]
    [InlineData("a\n", "1:a")]
    [InlineData("\uFEFFa\r\n\n b \nc", "1:a 3:b 4:c")]
    [InlineData("12345678\n123456789\n12345678", "1:12345678 2:! 3:12345678")]
    [InlineData("1234567890123456789012345678901234567890\nb\n1234567890123456789012345678901234567890", "1:! 2:b 3:!")]
    [InlineData("       1       \n               \n1", "1:! 2:! 3:1")]
    public void Lines_are_told_with_their_numbers_and_long_ones_without_text(string text, string expected) => Assert.Equal(expected, Told(text, 8, int.MaxValue));

    [Fact]
    public void How_the_bytes_come_makes_no_difference()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 2_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(6) == 0 ? "\n" : random.Next(9) == 0 ? "\r\n" : "办件x"[random.Next(3)].ToString()));
            Assert.Equal(Told(text, 20, int.MaxValue), Told(text, 20, random.Next(1, 5)));
        }
    }

    private static string Told(string text, int maxLength, int atATime) =>
        string.Join(' ', JsonLines.Read(new Dribble(Encoding.UTF8.GetBytes(text), atATime), maxLength).Select(l => $"{l.Line}:{(l.Text is { } t ? Encoding.UTF8.GetString(t.Span) : "!")}"));

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class Dribble(byte[] bytes, int atATime) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, atATime));
    }
}

using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Tests.Host;

public class ContentHashTests
{
    [Theory]
    [InlineData("1.50", "15e-1")]
    [InlineData("1.50", "1.5")]
    [InlineData("100", "1E+2")]
    [InlineData("-0.0", "0")]
    [InlineData("0e7", "0")]
    [InlineData("0.001", "1e-3")]
    public void A_number_has_one_form(string one, string other) => Assert.Equal(ContentHash.Canonical(one), ContentHash.Canonical(other));

    [Fact]
    public void Contents_have_one_hash_when_and_only_when_they_say_the_same()
    {
        string[] values = ["1", "1.0", "10e-1", "-1", "\"a\"", "\"\\u0061\"", "\"b\"", "null", "true", "[]", "[1]", "[1.0]", "[1,2]", "[2,1]", "{}", "{\"x\":1,\"y\":[2]}", "{\"y\":[2.0],\"x\":1}"];
        var content = Gen.Elements(values).ListOf(2).SelectMany(v => Gen.Elements(true, false).Select(swap => swap ? $"{{\"a\":{v[0]},\"b\":{v[1]}}}" : $"{{\"b\":{v[1]},\"a\":{v[0]}}}"));
        var pair = content.SelectMany(one => content.Select(other => (one, other)));
        Prop.ForAll(pair.ToArbitrary(), p => ContentHash.Of(Event(p.one)) == ContentHash.Of(Event(p.other)) == Event(p.one).SameContent(Event(p.other))).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Stream_and_type_are_part_of_what_an_event_says()
    {
        Assert.NotEqual(ContentHash.Of(Event("{}")), ContentHash.Of(Event("{}") with { StreamId = "case/2" }));
        Assert.NotEqual(ContentHash.Of(Event("{}")), ContentHash.Of(Event("{}") with { Type = "case_decided" }));
    }

    private static EventToAppend Event(string data) => new(Guid.Empty, "case/1", "case", "case_closed", null, Encoding.UTF8.GetBytes(data));
}

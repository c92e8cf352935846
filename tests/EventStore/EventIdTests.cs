using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

public class EventIdTests
{
    // RFC 9562, appendix A.4.
    [Fact]
    public void Version5_gives_the_RFCs_example() => Assert.Equal(
        new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"),
        EventId.Version5(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"));

    // What is in logs already must be found again by every later version.
    [Fact]
    public void The_id_of_three_parts_never_changes() => Assert.Equal(
        EventId.Version5(new Guid("c63ce136-e9c6-4c88-a656-58dcc354b4c1"), "2:cn,13:https://désk,3:e-1,"),
        EventId.From("cn", "https://désk", "e-1"));

    [Fact]
    public void Parts_that_join_to_the_same_text_stay_apart()
    {
        Assert.NotEqual(EventId.From("a", "b,c", "d"), EventId.From("a", "b", "c,d"));
        Assert.NotEqual(EventId.From("a", "", "bc"), EventId.From("a", "bc", ""));
        Assert.NotEqual(EventId.From("a", "1:b,", "c"), EventId.From("a", "b", "1:c,"));
    }
}

using System.Runtime.CompilerServices;
using SlaMonitor.Domain;

namespace SlaMonitor.Tests.Host;

public class EventReferenceTests
{
    [Fact]
    public void The_reference_lists_every_type_in_the_order_that_counts()
    {
        var listed = File.ReadLines(Reference()).Where(l => l.StartsWith("| `", StringComparison.Ordinal) && l.Contains('_', StringComparison.Ordinal)).SelectMany(l => l.Split('|')[1].Split(',')).Select(t => t.Trim(' ', '`'));
        Assert.Equal(EventTypes.Reported.Select(t => t.Name), listed);
    }

    private static string Reference([CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "docs", "events.md");
}

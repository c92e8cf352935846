namespace SlaMonitor.Host.Calculations;

/// <summary>The words states and reasons have outside.</summary>
internal static class Words
{
    /// <summary>Enum members as lower camel case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}

using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Calculations;

/// <summary>The words states and reasons have outside.</summary>
internal static class Words
{
    public static string Of(ClockState state) => state switch
    {
        ClockState.Running => "running",
        ClockState.Paused => "paused",
        ClockState.Met => "met",
        ClockState.Breached => "breached",
        ClockState.Void => "void",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Enum members as lower camel case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}

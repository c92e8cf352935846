namespace SlaMonitor.Domain.Availability;

/// <summary>What overlapping outages of one service take away together.</summary>
public enum Combine
{
    /// <summary>As much as the worst of them.</summary>
    Max,

    /// <summary>The sum, at most all.</summary>
    Sum,

    /// <summary>What is left is the product of what each leaves.</summary>
    Independent,
}

/// <summary>What time counts for in which nothing was known to watch a service.</summary>
public enum UnobservedAs
{
    /// <summary>For nothing: the agreed time shrinks.</summary>
    LeftOut,

    /// <summary>As up.</summary>
    Up,

    /// <summary>As down.</summary>
    Down,
}

/// <summary>What an approved exclusion does to time.</summary>
public enum ExclusionTreatment
{
    /// <summary>It is left out: the agreed time shrinks.</summary>
    LeftOut,

    /// <summary>It counts as up.</summary>
    Up,
}

using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Domain.Commitments;

/// <summary>What clocks run on, as far as limits are selected by it and lists show it; null: not known, or not of this kind.</summary>
public interface IClockSubject
{
    /// <summary>The service item of a case, the service of an outage.</summary>
    string? Item { get; }

    /// <summary>The kind of a case.</summary>
    CaseKind? Kind { get; }

    /// <summary>The channel a case came by.</summary>
    Channel? Channel { get; }

    /// <summary>The window that handles it.</summary>
    string? Window { get; }

    /// <summary>The code of who handles it.</summary>
    string? Staff { get; }

    /// <summary>The stage of its handling.</summary>
    string? Stage { get; }

    /// <summary>True while it counts among the open cases.</summary>
    bool IsOpen { get; }

    /// <summary>True when something was asked for later.</summary>
    bool Supplemented { get; }

    /// <summary>True when it was reopened.</summary>
    bool Reworked { get; }

    /// <summary>True once it has begun; a second beginning is a matter of its own.</summary>
    bool HasBegun { get; }

    /// <summary>Its priority by a version's matrix.</summary>
    /// <param name="version">The version.</param>
    /// <param name="first">What its first fact says, which counts where later ones are silent; null: nothing.</param>
    string? PriorityIn(Catalogue version, IClockSubject? first);
}

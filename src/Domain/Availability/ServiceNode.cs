namespace SlaMonitor.Domain.Availability;

/// <summary>
/// What a service's loss is made of: facts of its own, or the losses of its parts. A part that is left out or unobserved is unknown; the whole is known
/// all the same where reading every unknown part as up and as down gives the same.
/// </summary>
public abstract record ServiceNode
{
    private ServiceNode()
    {
    }

    /// <summary>A service with facts of its own and no parts.</summary>
    public sealed record Own(ServiceFacts Facts, Combine Combine) : ServiceNode;

    /// <summary>
    /// A composite with facts of its own beside its parts: the worse of both counts. Its own exclusions are of the whole: left out, nothing of that time
    /// counts whatever its parts do; up, what its parts lost does not count either.
    /// </summary>
    public sealed record Composite(Own Itself, ServiceNode Parts) : ServiceNode;

    /// <summary>Needs all of its parts: the largest loss.</summary>
    public sealed record All(ValueList<ServiceNode> Parts) : ServiceNode;

    /// <summary>Needs one of its parts: the smallest loss.</summary>
    public sealed record Any(ValueList<ServiceNode> Parts) : ServiceNode;

    /// <summary>Needs k of its parts: the k-th smallest loss.</summary>
    public sealed record KOf(int K, ValueList<ServiceNode> Parts) : ServiceNode;

    /// <summary>Each part carries a share: the sum of weight × loss, rounded half up to billionths.</summary>
    public sealed record Weighted(ValueList<WeightedPart> Parts) : ServiceNode;
}

/// <summary>A part and the share of the service it carries.</summary>
public sealed record WeightedPart(LostShare Weight, ServiceNode Part);

using SlaMonitor.Domain.Availability;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>What a composite service is made of, nested.</summary>
public abstract record ServicePart
{
    private ServicePart()
    {
    }

    /// <summary>The services named in it, each as often as it is named.</summary>
    public IEnumerable<string> Services => this is Named named ? [named.Service] : Parts.SelectMany(p => p.Services);

    /// <summary>The parts directly under it; none of a service.</summary>
    public ValueList<ServicePart> Parts => this switch
    {
        Named => [],
        All all => all.Of,
        Any any => any.Of,
        KOf some => some.Of,
        Weighted weighted => [.. weighted.Of.Select(w => w.Part)],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A service of the same catalogue, by id.</summary>
    public sealed record Named(string Service) : ServicePart;

    /// <summary>All are needed: as much is lost as of the worst.</summary>
    public sealed record All(ValueList<ServicePart> Of) : ServicePart;

    /// <summary>One is enough: as much is lost as of the best.</summary>
    public sealed record Any(ValueList<ServicePart> Of) : ServicePart;

    /// <summary>So many are needed; K from 1 to the number of parts.</summary>
    public sealed record KOf(int K, ValueList<ServicePart> Of) : ServicePart;

    /// <summary>Each part carries a share; the shares are one together.</summary>
    public sealed record Weighted(ValueList<WeightedPart> Of) : ServicePart;
}

/// <summary>A part and the share of the whole it carries.</summary>
public sealed record WeightedPart(ServicePart Part, LostShare Weight);

namespace SlaMonitor.Domain.Availability;

/// <summary>A service's own facts while time passes: what is on of them, and what that makes of its loss and of its parts'.</summary>
internal sealed class FactReader : NodeReader
{
    private readonly NodeReader? _parts;
    private LossFold? _fold;
    private Loss _own;
    private int _outages;
    private int _leftOut;
    private int _up;
    private int _unobserved;

    public FactReader(ServiceNode.Own own, NodeReader? parts, int index)
    {
        (Own, _parts, Index) = (own, parts, index);
        if (parts is null)
            return;
        Take(parts, 0);
        Become(parts.Loss);
    }

    /// <summary>The facts read.</summary>
    public ServiceNode.Own Own { get; }

    /// <summary>Which of the leaves it is.</summary>
    public int Index { get; }

    /// <summary>True while an exclusion of its own is on.</summary>
    public bool IsExcluded => _leftOut + _up > 0;

    /// <summary>A fact begins, or ends when it did.</summary>
    public void Turn(in Fact fact, bool begins)
    {
        var by = begins ? 1 : -1;
        switch (fact.Kind)
        {
            case FactKind.Outage:
                _outages += by;
                _fold ??= LossFold.For(Own.Combine);
                if (begins)
                    _fold.Begin(fact.Lost, fact.Until);
                else
                    _fold.End(fact.Lost);
                break;
            case FactKind.LeftOut:
                _leftOut += by;
                break;
            case FactKind.Up:
                _up += by;
                break;
            default:
                _unobserved += by;
                break;
        }
    }

    /// <summary>Works out the loss from a tick on, when all that turns at it has been told.</summary>
    public void Refresh(long tick)
    {
        _own = _outages > 0 ? Loss.Known(_fold!.LostAt(tick)) : _unobserved > 0 ? Loss.Unobserved : Loss.None;
        Combined();
    }

    /// <inheritdoc/>
    protected override void PartChanged(int place, Loss before, Loss now) => Combined();

    // In order of precedence: left out, outage, unobserved, up. An exclusion that counts as up takes the loss away and tells nothing about the rest.
    private void Combined()
    {
        var loss = _parts is null ? _own : Loss.Larger(_own, _parts.Loss);
        Become(_leftOut > 0 ? loss.LeaveOut() : _up > 0 ? loss.Forgive() : loss);
    }
}

/// <summary>What a fact says of its time.</summary>
internal enum FactKind : byte
{
    /// <summary>Something is lost.</summary>
    Outage,

    /// <summary>It is left out.</summary>
    LeftOut,

    /// <summary>What is lost does not count.</summary>
    Up,

    /// <summary>Nobody watches.</summary>
    Unobserved,
}

/// <summary>A fact of a leaf; it ends at a tick.</summary>
internal readonly record struct Fact(FactKind Kind, int Leaf, int Lost, long Until, object Source);

using System.Runtime.Intrinsics;

namespace SlaMonitor.Domain.Availability;

/// <summary>A node of a service while time passes: its loss is kept, and a change goes up to those it is part of until nothing more changes.</summary>
internal abstract class NodeReader
{
    private NodeReader? _whole;
    private int _place;

    /// <summary>The loss as of the last change.</summary>
    public Loss Loss { get; private set; }

    /// <summary>Readers of a node and all below; those with facts are added to the leaves.</summary>
    public static NodeReader Of(ServiceNode node, List<FactReader> leaves) => node switch
    {
        ServiceNode.Own own => Leaf(own, null, leaves),
        ServiceNode.Composite composite => Leaf(composite.Itself, Of(composite.Parts, leaves), leaves),
        ServiceNode.All all => Tournament([.. all.Parts.Select(p => Of(p, leaves))], Loss.Larger),
        ServiceNode.Any any => Tournament([.. any.Parts.Select(p => Of(p, leaves))], Loss.Smaller),
        ServiceNode.KOf some => new KthReader(some.K, [.. some.Parts.Select(p => Of(p, leaves))]),
        ServiceNode.Weighted weighted => new WeightedReader([.. weighted.Parts.Select(p => p.Weight.Billionths)], [.. weighted.Parts.Select(p => Of(p.Part, leaves))]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A part's loss changed.</summary>
    protected abstract void PartChanged(int place, Loss before, Loss now);

    protected void Take(NodeReader part, int place) => (part._whole, part._place) = (this, place);

    protected void Become(Loss loss)
    {
        var before = Loss;
        if (loss == before)
            return;
        Loss = loss;
        _whole?.PartChanged(_place, before, loss);
    }

    private static FactReader Leaf(ServiceNode.Own own, NodeReader? parts, List<FactReader> leaves)
    {
        var leaf = new FactReader(own, parts, leaves.Count);
        leaves.Add(leaf);
        return leaf;
    }

    /// <summary>The worst or best of many as a tree of twos, so that a change costs the tree's height.</summary>
    private static NodeReader Tournament(ReadOnlySpan<NodeReader> parts, Func<Loss, Loss, Loss> choose) => parts.Length switch
    {
        0 => new WeightedReader([], []),
        1 => parts[0],
        _ => new PairReader(Tournament(parts[..(parts.Length / 2)], choose), Tournament(parts[(parts.Length / 2)..], choose), choose),
    };

    private sealed class PairReader : NodeReader
    {
        private readonly NodeReader _left;
        private readonly NodeReader _right;
        private readonly Func<Loss, Loss, Loss> _choose;

        public PairReader(NodeReader left, NodeReader right, Func<Loss, Loss, Loss> choose)
        {
            (_left, _right, _choose) = (left, right, choose);
            Take(left, 0);
            Take(right, 1);
            Become(choose(left.Loss, right.Loss));
        }

        protected override void PartChanged(int place, Loss before, Loss now) => Become(_choose(_left.Loss, _right.Loss));
    }

    /// <summary>The parts' losses in order, once for each way of reading; a changed one is moved to its place.</summary>
    private sealed class KthReader : NodeReader
    {
        private readonly int _k;
        private readonly int[][] _ordered;

        public KthReader(int k, NodeReader[] parts)
        {
            _k = k;
            for (var i = 0; i < parts.Length; i++)
                Take(parts[i], i);
            _ordered = [.. Enumerable.Range(0, Vector256<int>.Count).Select(way => parts.Select(p => p.Loss.Ways[way]).Order().ToArray())];
            Become(Kth());
        }

        protected override void PartChanged(int place, Loss before, Loss now)
        {
            for (var way = 0; way < _ordered.Length; way++)
            {
                if (before.Ways[way] != now.Ways[way])
                    Move(_ordered[way], before.Ways[way], now.Ways[way]);
            }

            Become(Kth());
        }

        private static void Move(int[] ordered, int before, int now)
        {
            var from = Array.BinarySearch(ordered, before);
            var to = Array.BinarySearch(ordered, now);
            to = to < 0 ? ~to : to;
            if (to > from)
                Array.Copy(ordered, from + 1, ordered, from, --to - from);
            else
                Array.Copy(ordered, to, ordered, to + 1, from - to);
            ordered[to] = now;
        }

        private Loss Kth()
        {
            if (_k < 1)
                return Loss.None;
            if (_k > _ordered[0].Length)
                return Loss.Known(LostShare.Scale);
            Span<int> ways = stackalloc int[Vector256<int>.Count];
            for (var way = 0; way < ways.Length; way++)
                ways[way] = _ordered[way][_k - 1];
            return new Loss(Vector256.Create<int>(ways));
        }
    }

    /// <summary>Exact sums of weight × loss, kept by what changes.</summary>
    private sealed class WeightedReader : NodeReader
    {
        private readonly int[] _weights;
        private readonly Int128[] _sums = new Int128[Vector256<int>.Count];

        public WeightedReader(int[] weights, NodeReader[] parts)
        {
            _weights = weights;
            for (var i = 0; i < parts.Length; i++)
            {
                Take(parts[i], i);
                Add(i, Loss.None, parts[i].Loss);
            }

            Become(Rounded());
        }

        protected override void PartChanged(int place, Loss before, Loss now)
        {
            Add(place, before, now);
            Become(Rounded());
        }

        private void Add(int place, Loss before, Loss now)
        {
            for (var way = 0; way < _sums.Length; way++)
                _sums[way] += (long)_weights[place] * (now.Ways[way] - before.Ways[way]);
        }

        private Loss Rounded()
        {
            Span<int> ways = stackalloc int[Vector256<int>.Count];
            for (var way = 0; way < ways.Length; way++)
                ways[way] = (int)Int128.Min((_sums[way] + (LostShare.Scale / 2)) / LostShare.Scale, LostShare.Scale);
            return new Loss(Vector256.Create<int>(ways));
        }
    }
}

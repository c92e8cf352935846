using System.Numerics;

namespace SlaMonitor.Domain.Availability;

/// <summary>
/// 1 − Π(1 − l) of the outages that are on. The product is kept in a tree of the losses that are on, parted by the highest bit in which they differ: its shape, and
/// so the order of multiplying, follows from which are on alone, and one change costs as many products as a loss has bits at most. Products have
/// 18 places: two factors of nine places, or nine of two, are exact.
/// </summary>
internal sealed class IndependentLoss : LossFold
{
    private const ulong One = 1_000_000_000_000_000_000;
    private const ulong PerBillionth = One / LostShare.Scale;

    private Node? _root;

    /// <inheritdoc/>
    protected override void BeginPart(int lost, long until) => _root = Begin(_root, lost);

    /// <inheritdoc/>
    protected override void EndPart(int lost) => _root = End(_root!, lost);

    /// <inheritdoc/>
    protected override int PartLostAt(long tick) => _root is null ? 0 : (int)((One - _root.Product + (PerBillionth / 2)) / PerBillionth);

    private static Node Begin(Node? node, int lost)
    {
        if (node is null)
            return new Node(lost);
        if (node.PartsFrom(lost) is { } bit)
            return new Node(lost, bit, node, new Node(lost));
        if (node.IsLeaf)
            node.Count(1);
        else if (node.IsRight(lost))
            node.Become(node.Left!, Begin(node.Right, lost));
        else
            node.Become(Begin(node.Left, lost), node.Right!);
        return node;
    }

    private static Node? End(Node node, int lost)
    {
        if (node.IsLeaf)
            return node.Count(-1) ? node : null;
        var (left, right) = node.IsRight(lost) ? (node.Left, End(node.Right!, lost)) : (End(node.Left!, lost), node.Right);
        if (left is null || right is null)
            return left ?? right;
        node.Become(left, right);
        return node;
    }

    private static ulong Power(ulong factor, int times)
    {
        var power = One;
        for (; times > 0; times >>= 1)
        {
            if ((times & 1) == 1)
                power = Multiply(power, factor);
            factor = times > 1 ? Multiply(factor, factor) : factor;
        }

        return power;
    }

    private static ulong Multiply(ulong a, ulong b) => a == One ? b : b == One ? a : (ulong)((((UInt128)a * b) + (One / 2)) / One);

    /// <summary>A loss and how often it is on, or two branches that agree in all bits above one.</summary>
    private sealed class Node
    {
        private readonly int _lost;
        private readonly int _bit = -1;
        private int _count = 1;

        public Node(int lost) => (_lost, Product) = (lost, (ulong)(LostShare.Scale - lost) * PerBillionth);

        public Node(int lost, int bit, Node other, Node leaf)
        {
            (_lost, _bit) = (lost, bit);
            Become(IsRight(lost) ? other : leaf, IsRight(lost) ? leaf : other);
        }

        public Node? Left { get; private set; }

        public Node? Right { get; private set; }

        public ulong Product { get; private set; }

        public bool IsLeaf => _bit < 0;

        public bool IsRight(int lost) => ((lost >> _bit) & 1) == 1;

        /// <summary>The highest bit in which a loss differs from all below; null: it belongs below.</summary>
        public int? PartsFrom(int lost) => (_lost ^ lost) >> (_bit + 1) is var different and > 0 ? BitOperations.Log2((uint)different) + _bit + 1 : null;

        /// <summary>One more or less of the same loss; false: there is none left.</summary>
        public bool Count(int more)
        {
            _count += more;
            Product = Power((ulong)(LostShare.Scale - _lost) * PerBillionth, _count);
            return _count > 0;
        }

        public void Become(Node left, Node right) => (Left, Right, Product) = (left, right, Multiply(left.Product, right.Product));
    }
}

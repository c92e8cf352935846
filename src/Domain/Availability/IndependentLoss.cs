using System.Numerics;

namespace SlaMonitor.Domain.Availability;

/// <summary>
/// 1 − Π(1 − l) of the outages that are on. Products are kept in a tree over the distinct losses, shaped by their bits: two of them are multiplied where they part, a
/// branch with nothing on is one exactly. So the same outages are multiplied in the same order whatever else is in the tree, and one change costs as many
/// products as a loss has bits at most. Products have 18 places: up to two factors of nine places, or nine of two, are exact.
/// </summary>
internal sealed class IndependentLoss : LossFold
{
    private const ulong One = 1_000_000_000_000_000_000;
    private const ulong PerBillionth = One / LostShare.Scale;

    private readonly int[] _losses;
    private readonly int[] _on;
    private readonly int[] _parent;
    private readonly (int Left, int Right)[] _children;
    private readonly ulong[] _product;

    /// <summary>A tree over these losses, of which none need be on.</summary>
    public IndependentLoss(IEnumerable<int> losses)
    {
        _losses = [.. losses.Where(l => l < LostShare.Scale).Distinct().Order()];
        _on = new int[_losses.Length];
        var nodes = Math.Max(1, (2 * _losses.Length) - 1);
        (_parent, _children, _product) = (new int[nodes], new (int, int)[nodes], new ulong[nodes]);
        Array.Fill(_product, One);
        Array.Fill(_parent, -1);
        Join();
    }

    /// <inheritdoc/>
    protected override void BeginPart(int lost, long until) => Change(lost, 1);

    /// <inheritdoc/>
    protected override void EndPart(int lost) => Change(lost, -1);

    /// <inheritdoc/>
    protected override int PartLostAt(long tick) => (int)((One - _product[^1] + (PerBillionth / 2)) / PerBillionth);

    /// <summary>Leaves are the first nodes. Neighbours part at their highest different bit; the lower it is, the deeper they are joined.</summary>
    private void Join()
    {
        var (open, next) = (new Stack<(int Node, int Bit)>(), _losses.Length);
        for (var leaf = 0; leaf < _losses.Length; leaf++)
        {
            var node = leaf;
            var bit = leaf + 1 < _losses.Length ? BitOperations.Log2((uint)(_losses[leaf] ^ _losses[leaf + 1])) : int.MaxValue;
            while (open.TryPeek(out var before) && before.Bit < bit)
            {
                open.Pop();
                _children[next] = (before.Node, node);
                _parent[before.Node] = _parent[node] = next;
                node = next++;
            }

            open.Push((node, bit));
        }
    }

    private void Change(int lost, int by)
    {
        var node = Array.BinarySearch(_losses, lost);
        _on[node] += by;
        _product[node] = Power((ulong)(LostShare.Scale - lost) * PerBillionth, _on[node]);
        for (node = _parent[node]; node >= 0; node = _parent[node])
            _product[node] = Multiply(_product[_children[node].Left], _product[_children[node].Right]);
    }

    private static ulong Power(ulong factor, int times)
    {
        var power = One;
        for (; times > 0; times >>= 1)
        {
            if ((times & 1) == 1)
                power = Multiply(power, factor);
            factor = Multiply(factor, factor);
        }

        return power;
    }

    private static ulong Multiply(ulong a, ulong b) => a == One ? b : b == One ? a : (ulong)((((UInt128)a * b) + (One / 2)) / One);
}

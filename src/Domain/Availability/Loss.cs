using System.Runtime.Intrinsics;

namespace SlaMonitor.Domain.Availability;

/// <summary>
/// The loss of a service at an instant, in billionths, read eight ways at once. Net: what is unknown as up; what is left out as down and the rest as up; what
/// is unobserved as down and the rest as up; all as down. Then gross, with no exclusion, the same. Where the readings differ, the loss is not known.
/// </summary>
internal readonly record struct Loss(Vector256<int> Ways)
{
    private const int Down = LostShare.Scale;

    /// <summary>Nothing is lost.</summary>
    public static Loss None => default;

    /// <summary>Net, what is lost for certain.</summary>
    public int NetSure => Ways[0];

    /// <summary>Net, what is lost at most.</summary>
    public int NetMost => Ways[3];

    /// <summary>Gross, what is lost for certain.</summary>
    public int GrossSure => Ways[4];

    /// <summary>Gross, what is lost at most.</summary>
    public int GrossMost => Ways[7];

    /// <summary>True when it is not known, net, and for one because of something left out.</summary>
    public bool IsLeftOut => Ways[0] != Ways[1] || Ways[2] != Ways[3];

    /// <summary>A loss that was observed.</summary>
    public static Loss Known(int lost) => new(Vector256.Create(lost));

    /// <summary>Nobody watched.</summary>
    public static Loss Unobserved { get; } = new(Vector256.Create(0, 0, Down, Down, 0, 0, Down, Down));

    /// <summary>The worse of both.</summary>
    public static Loss Larger(Loss a, Loss b) => new(Vector256.Max(a.Ways, b.Ways));

    /// <summary>The better of both.</summary>
    public static Loss Smaller(Loss a, Loss b) => new(Vector256.Min(a.Ways, b.Ways));

    /// <summary>The time is left out, net.</summary>
    public Loss LeaveOut() => new(Vector256.Create(Vector128.Create(0, Down, 0, Down), Ways.GetUpper()));

    /// <summary>What is lost for certain does not count, net; what is unknown stays so.</summary>
    public Loss Forgive() => new(Vector256.Create(Ways.GetLower() - Vector128.Create(NetSure), Ways.GetUpper()));
}

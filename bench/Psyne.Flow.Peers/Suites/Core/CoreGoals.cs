using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Subjects.Psyne;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Suites.Core;

/// <summary>What the project asks of `psyne` in the core suite. Absolute figures were set on a 2-core Zen 4 virtual machine.</summary>
internal static class CoreGoals
{
    private static readonly Goal NoAllocation = Goal.NoAllocation("0 B a message");

    public static IReadOnlyList<Goal> Touched { get; } =
    [
        Goal.AtLeast(Metrics.Touched, 38, ">= 38 GB/s"),
        Goal.ShareOfLimit(0.95, ">= 0.95 of the loop alone"),
        NoAllocation,
    ];

    public static IReadOnlyList<Goal> Throughput(Shape shape) => shape switch
    {
        { Bytes: 8, Threads: (1, 1), Batch: false } =>
        [
            Goal.AtLeast(Metrics.Rate, 250e6, ">= 250 M/s"),
            Goal.TimesBestPeer(2, ">= 2x the best peer"),
            NoAllocation,
        ],
        { Bytes: 8, Threads: (1, 1), Batch: true } =>
        [
            Goal.AtLeast(Metrics.Rate, 600e6, ">= 600 M/s"),
            Goal.TimesBestPeer(2, ">= 2x the best peer"),
            NoAllocation,
        ],
        { Threads: (1, 1) } => [NoAllocation],
        _ => [Goal.TimesBestPeer(3, PeersGoal(shape), "channel", "tpl-buffer"), NoAllocation],
    };

    /// <summary>Judged on the better of Psyne.Flow's subjects, where there are two.</summary>
    internal static string PeersGoal(Shape shape) =>
        ">= 3x the better of Channels and BufferBlock" + (PsyneSubjects.HasLanes(shape) ? ", by the better of psyne and psyne-lanes" : "");

    public static IReadOnlyList<Goal> Latency(bool parked) => parked
        ? [Goal.TimesLimit(1.3, "p50 <= 1.3x the futex ping-pong"), NoAllocation]
        : [
            Goal.TimesLimit(1.3, "p50 <= 1.3x the cache-line ping-pong"),
            Goal.AtMost(Metrics.P999, 1000, "p99.9 <= 1 us on a quiet machine"),
            NoAllocation,
        ];
}

using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Psyne;

/// <summary>Psyne.Flow's own contestants, through the public claim and lease. The suites ask here and nowhere else.</summary>
internal static class PsyneSubjects
{
    /// <summary>For throughput and touched cases: a channel of the mode that the topology names, with the case's capacity.</summary>
    public static IEnumerable<SubjectSpec> Traffic(Shape shape)
    {
        Func<ITraffic> traffic = shape.Bytes switch
        {
            8 => () => new PsyneValueTraffic<Message8>(shape),
            64 => () => new PsyneValueTraffic<Message64>(shape),
            _ => () => new PsyneTensorTraffic(shape),
        };
        yield return new SubjectSpec("psyne", Role.Psyne, () => new TrafficSubject(traffic(), shape));
        if (HasLanes(shape))
        {
            yield return new SubjectSpec("psyne-lanes", Role.Psyne, () => new TrafficSubject(shape.Bytes == 8
                ? new PsyneValueTraffic<Message8>(shape, lanes: true)
                : new PsyneValueTraffic<Message64>(shape, lanes: true), shape), "a lane for each producer");
        }
    }

    /// <summary>For latency cases: two SPSC channels, spinning or parked.</summary>
    public static IEnumerable<SubjectSpec> Echo(bool parked)
    {
        yield return new SubjectSpec("psyne", Role.Psyne, () => new EchoSubject(arrival => new PsyneEcho(arrival, parked), parked));
    }

    /// <summary>Whether a second subject runs, with a ring for each producer.</summary>
    internal static bool HasLanes(Shape shape) => shape.IsSmall && shape.Threads.Producers > 1;

    internal static ChannelMode ModeOf(Topology threads) => threads switch
    {
        (1, 1) => ChannelMode.Spsc,
        (_, 1) => ChannelMode.Mpsc,
        (1, _) => ChannelMode.Spmc,
        _ => ChannelMode.Mpmc,
    };
}

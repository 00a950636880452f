using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Psyne;

/// <summary>
/// Psyne.Flow's own contestants. The suites ask here and nowhere else; a shape that isn't covered yet is an empty list,
/// and its goals then print as open.
/// </summary>
/// <remarks>
/// To add one: an ITraffic (throughput, touched) or an IEcho (latency) in this folder, and a spec below, named "psyne"
/// with Role.Psyne, one for each case.
/// <code>
/// new SubjectSpec("psyne", Role.Psyne, () => new TrafficSubject(new PsyneSpscTraffic&lt;Message8&gt;(shape), shape))
/// </code>
/// A traffic's Write claims and publishes `count` messages (a message at a time, or up to shape.BatchSize in one call
/// when shape.Batch), writing through TMessage.Write(ref claim.Value, stamp) or Payload.Write(claim.Span, stamp,
/// shape.Touch); its Read takes leases, adds TMessage.Read / Payload.Read to a local copy of the tally, and returns
/// false once the channel is closed and empty. shape.Threads says which mode to open, shape.Capacity how many slots.
/// Ends that belong to one producer or consumer are opened in Begin, and picked by the index that Write and Read get.
/// </remarks>
internal static class PsyneSubjects
{
    /// <summary>For throughput and touched cases.</summary>
    public static IEnumerable<SubjectSpec> Traffic(Shape shape)
    {
        _ = shape;
        return [];
    }

    /// <summary>For latency cases: an IEcho over two SPSC channels, spinning or parked: new EchoSubject(at => new PsyneEcho(at, parked), parked).</summary>
    public static IEnumerable<SubjectSpec> Echo(bool parked)
    {
        _ = parked;
        return [];
    }
}

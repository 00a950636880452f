using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Native;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Limits;

/// <summary>The limits of each kind of case, and the native references beside them.</summary>
internal static class LimitSubjects
{
    private const string LimitName = "limit";

    /// <summary>The loop work without messaging; the C ring where the topology allows it.</summary>
    public static IEnumerable<SubjectSpec> Traffic(Shape shape)
    {
        if (shape.Threads is (1, 1))
        {
            yield return new SubjectSpec("c-ring", Role.Reference, () => new TrafficSubject(new NativeRingTraffic(shape), shape), "C, in place")
            {
                Absent = NativeLimits.Absent,
            };
        }

        var alone = new SubjectSpec(LimitName, Role.Limit, () => new TrafficSubject(Loop(shape), shape),
            "the loop work alone, on the same threads, nothing handed over");
        if (shape.Touch)
        {
            // On two threads each side would stay in its own cache: no bytes would cross, and crossing is the work.
            yield return alone with { Name = "loop-two-threads", Role = Role.Reference };
            yield return new SubjectSpec(LimitName, Role.Limit, () => new LoopOneThreadSubject(shape),
                "the loop alone: one thread writes all, then reads all, in one buffer");
        }
        else
        {
            yield return alone;
        }
    }

    public static IEnumerable<SubjectSpec> Echo(bool parked)
    {
        if (parked)
        {
            yield return Native(LimitName, Role.Limit, () => new FutexLimit(), "C futex ping-pong") with
            {
                Absent = NativeLimits.Absent ?? (NativeLimits.FutexSupported() == 0 ? "futexes are Linux's" : null),
            };
        }
        else
        {
            yield return Native("c-ring", Role.Reference, () => new NativeRingEcho(), "C, one message at a time");
            yield return Native(LimitName, Role.Limit, () => new SpinLimit(), "C cache-line ping-pong");
        }
    }

    public static SubjectSpec Bandwidth(BandwidthSubject.Kind kind, int bytes) =>
        Native(LimitName, Role.Limit, () => new BandwidthSubject(kind, bytes), "C, one core");

    private static SubjectSpec Native(string name, Role role, Func<Subject> create, string note) =>
        new(name, role, create, note) { Absent = NativeLimits.Absent };

    private static ITraffic Loop(Shape shape) => shape.Bytes switch
    {
        8 => new LoopTraffic<Message8>(shape),
        64 => new LoopTraffic<Message64>(shape),
        _ => new LoopPayloadTraffic(shape),
    };
}

using System.Globalization;
using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Subjects.Dotnet;
using Psyne.Flow.Peers.Subjects.Limits;
using Psyne.Flow.Peers.Subjects.Psyne;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Suites.Core;

/// <summary>Channels in one process: every size and topology, a message at a time and in batches; touched bytes; latency; the machine.</summary>
internal static class CoreSuite
{
    private static readonly int[] Sizes = [8, 64, 4 << 10, 64 << 10, 1 << 20];
    private static readonly Topology[] Topologies = [new(1, 1), new(4, 1), new(1, 4), new(4, 4)];
    private static readonly bool[] SingleAndBatch = [false, true];
    private static readonly int[] BandwidthSizes = [64 << 10, 1 << 20, 64 << 20];

    public static IEnumerable<Case> Cases() => Remark.Attach(CoreRemarks.All,
    [
        .. from bytes in Sizes
           from threads in Topologies
           from batch in SingleAndBatch
           select Throughput(new Shape(bytes, threads, batch, Touch: false)),
        Touched(64 << 10),
        Touched(1 << 20),
        Latency(parked: false),
        Latency(parked: true),
        .. from kind in Enum.GetValues<BandwidthSubject.Kind>()
           from bytes in BandwidthSizes
           select Bandwidth(kind, bytes),
    ]);

    private static Case Throughput(Shape shape) =>
        new(string.Create(CultureInfo.InvariantCulture,
                $"throughput/{Shape.SizeName(shape.Bytes)}/{shape.Threads}/{(shape.Batch ? "batch" : "single")}"),
            Metrics.Rate,
            [.. PsyneSubjects.Traffic(shape), .. DotnetTraffic.For(shape), .. LimitSubjects.Traffic(shape)])
        {
            Goals = CoreGoals.Throughput(shape),
            Quick = shape switch
            {
                { Bytes: 8, Batch: false } => true,
                { Bytes: 8, Threads: (1, 1) } => true,
                { Bytes: 64 << 10, Batch: false, Threads: (1, 1) } => true,
                _ => false,
            },
            Explanation = (shape.IsSmall
                    ? "hand-off rate; every byte of a message is written and read; psyne claims and publishes without `using`, which nothing here needs"
                    : "hand-off rate; first and last word are written and read")
                + (shape.Batch ? "; peers without a batch call work as ever" : ""),
        };

    private static Case Touched(int bytes)
    {
        var shape = new Shape(bytes, new Topology(1, 1), Batch: false, Touch: true);
        return new Case($"touched/{Shape.SizeName(bytes)}", Metrics.Touched,
            [.. PsyneSubjects.Traffic(shape), .. DotnetTraffic.For(shape), .. LimitSubjects.Traffic(shape)])
        {
            Goals = CoreGoals.Touched,
            Quick = true,
            Explanation = "the producer writes every byte and the consumer reads every byte; a payload byte counts once, not once for each side",
        };
    }

    private static Case Latency(bool parked) =>
        new($"latency/{(parked ? "parked" : "spin")}/8B", Metrics.P50,
            [.. PsyneSubjects.Echo(parked), .. DotnetEchoes.For(parked), .. LimitSubjects.Echo(parked)])
        {
            Goals = CoreGoals.Latency(parked),
            Quick = true,
            Explanation = parked
                ? "one way, from before the send to the first step after the receive; the receiver is asleep before each message"
                : "one way, half of each round trip; both sides spin",
        };

    private static Case Bandwidth(BandwidthSubject.Kind kind, int bytes) =>
        new($"machine/{CultureInfo.InvariantCulture.TextInfo.ToLower(kind.ToString())}/{Shape.SizeName(bytes)}", Metrics.Bandwidth,
            [LimitSubjects.Bandwidth(kind, bytes)])
        {
            Quick = bytes != 1 << 20,
            Explanation = "one core, no messaging: the machine's ceiling, never to be mixed with touched bytes",
        };
}

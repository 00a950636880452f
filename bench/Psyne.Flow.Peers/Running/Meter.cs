using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Running;

/// <summary>
/// What a round costs beside time. Processor time comes from Environment.CpuUsage, which counts in microseconds;
/// Process.TotalProcessorTime counts in clock ticks of 10 ms here, a tenth of a short round.
/// </summary>
internal readonly struct Meter
{
    private readonly long allocated;
    private readonly TimeSpan cpu;
    private readonly int collections;

    private Meter(long allocated, TimeSpan cpu, int collections)
    {
        this.allocated = allocated;
        this.cpu = cpu;
        this.collections = collections;
    }

    public static Meter Start() => Now();

    public Usage Stop()
    {
        var now = Now();
        return new Usage(now.allocated - allocated, now.cpu - cpu, now.collections - collections);
    }

    private static Meter Now()
    {
        var collections = GC.CollectionCount(0);
        return new Meter(GC.GetTotalAllocatedBytes(precise: true), CpuTime(), collections);
    }

    private static TimeSpan CpuTime() =>
        OperatingSystem.IsBrowser() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS()
            ? TimeSpan.Zero
            : Environment.CpuUsage.TotalTime;

    internal readonly record struct Usage(long Bytes, TimeSpan Cpu, int Collections)
    {
        public IEnumerable<Measure> PerMessage(long messages) =>
        [
            new Measure(Metrics.Allocated, Bytes / (double)messages, "B/msg"),
            new Measure(Metrics.Cpu, Cpu.TotalNanoseconds / messages, "ns/msg"),
            new Measure(Metrics.Collections, Collections, "1/round"),
        ];
    }
}

using Psyne.Flow.Peers.Native;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Limits;

/// <summary>The plain C ring, one producer and one consumer, driven a chunk at a time from the runner's own threads.</summary>
internal sealed unsafe class NativeRingTraffic : ITraffic
{
    private readonly Shape shape;
    private readonly ulong batch;
    private nint ring;
    private NativeTally counted;
    private ulong left;

    public NativeRingTraffic(Shape shape)
    {
        this.shape = shape;
        batch = shape.Batch ? (ulong)shape.BatchSize : 1;
        ring = NativeLimits.RingCreate((ulong)shape.Capacity, (ulong)shape.Bytes, shape.Touch ? 1 : 0);
        if (ring == 0)
        {
            throw new InvalidOperationException($"No memory for a C ring of {shape.Capacity} slots of {shape.Bytes} bytes.");
        }
    }

    public void Begin(long messages)
    {
        NativeLimits.RingReset(ring);
        counted = default;
        left = (ulong)messages;
    }

    public void Write(int producer, ulong first, int count) =>
        NativeLimits.RingWrite(ring, Stamp.Of(producer, first), (ulong)count, batch);

    public void CompleteWriting()
    {
        // The consumer knows the count.
    }

    public bool Read(int consumer, ref Tally tally)
    {
        var count = Math.Min(left, (ulong)shape.Chunk);
        var local = counted;
        NativeLimits.RingRead(ring, count, batch, &local);
        counted = local;
        left -= count;
        if (left != 0)
        {
            return true;
        }

        tally.AddCounted(counted.Count, counted.Sum, counted.Errors);
        return false;
    }

    public long End() => 0;

    public void Dispose()
    {
        NativeLimits.RingDestroy(ring);
        ring = 0;
    }
}

using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Limits;

/// <summary>
/// The loop work alone, large messages: each producer writes its share into one buffer of its own, each consumer reads
/// its share from one of its own that holds a payload already, at the same time and on the same cores. Nothing crosses
/// from core to core, so this is above what any messaging can reach.
/// </summary>
internal sealed class LoopPayloadTraffic(Shape shape) : ITraffic
{
    private readonly byte[][] buffers = [.. Enumerable.Range(0, shape.Threads.Threads).Select(_ => GC.AllocateArray<byte>(shape.Bytes, pinned: true))];
    private readonly ulong[] left = new ulong[shape.Threads.Consumers];
    private long messages;

    public void Begin(long messages)
    {
        this.messages = messages;
        for (var consumer = 0; consumer < left.Length; consumer++)
        {
            left[consumer] = (ulong)(messages * (consumer + 1) / left.Length - messages * consumer / left.Length);
            Payload.Write(buffers[shape.Threads.Producers + consumer], 1, shape.Touch);
        }
    }

    public void Write(int producer, ulong first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Payload.Write(buffers[producer], Stamp.Of(producer, first + (ulong)i), shape.Touch);
        }
    }

    public void CompleteWriting()
    {
    }

    public bool Read(int consumer, ref Tally tally)
    {
        var count = Math.Min(left[consumer], (ulong)shape.Chunk);
        ulong right = 0;
        for (ulong i = 0; i < count; i++)
        {
            right += Payload.Read(buffers[shape.Threads.Producers + consumer], shape.Touch);
        }

        left[consumer] -= count;

        // No stamps travelled, so there is no order to check: what is counted is payloads that were whole.
        tally.AddCounted(count, 0, count - right);
        if (left[consumer] != 0)
        {
            return true;
        }

        if (consumer == 0)
        {
            tally.AddCounted(0, Stamp.Sum(shape.Threads.Producers, (ulong)(messages / shape.Threads.Producers)), 0);
        }

        return false;
    }

    public long End() => 0;

    public void Dispose()
    {
    }
}

using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Psyne;

/// <summary>Large messages as tensors of bytes in pooled slots, written and read where they lie. There is nothing to gain from batches.</summary>
internal sealed class PsyneTensorTraffic(Shape shape) : ITraffic
{
    private const int MostAtOnce = 256;

    private TensorChannel<byte> channel = null!;
    private TensorWriter<byte> writer = null!;
    private TensorReader<byte> reader = null!;

    public void Begin(long messages)
    {
        channel = SlabChannel.Create<byte>(PsyneSubjects.ModeOf(shape.Threads), shape: [shape.Bytes], new SlabChannelOptions { Capacity = shape.Capacity });
        writer = channel.Writer;
        reader = channel.Reader;
        // As with the C ring and the peers' arrays, page faults belong to nobody's round.
        for (var i = 0; i < shape.Capacity; i++)
        {
            using var claim = writer.Claim();
            claim.Span.Clear();
            claim.Publish();
            reader.TryTake(out var lease);
            lease.Dispose();
        }
    }

    public void Write(int producer, ulong first, int count)
    {
        var stamp = Stamp.Of(producer, first);
        for (var end = stamp + (ulong)count; stamp != end; stamp++)
        {
            using var claim = writer.Claim();
            Payload.Write(claim.Span, stamp, shape.Touch);
            claim.Publish();
        }
    }

    public void CompleteWriting() => channel.Complete();

    public bool Read(int consumer, ref Tally tally)
    {
        var local = tally;
        var count = 0;
        for (; count < MostAtOnce && reader.TryTake(out var lease); count++)
        {
            using (lease)
            {
                local.Add(Payload.Read(lease.Span, shape.Touch));
            }
        }

        tally = local;
        return count == MostAtOnce || reader.WaitToTake(Timeout.InfiniteTimeSpan);
    }

    public long End()
    {
        var drops = channel.Statistics.Drops;
        channel.Dispose();
        return drops;
    }

    public void Dispose() => channel?.Dispose();
}

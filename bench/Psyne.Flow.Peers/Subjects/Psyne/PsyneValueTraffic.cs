using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Psyne;

/// <summary>Small messages: claimed, built in place and published; taken, read in place and disposed. One at a time or in batches.</summary>
internal sealed class PsyneValueTraffic<T>(Shape shape) : ITraffic
    where T : unmanaged, IMessage<T>
{
    private const int MostAtOnce = 4096;

    private SlabChannel<T> channel = null!;
    private SlabWriter<T> writer = null!;
    private SlabReader<T> reader = null!;

    public void Begin(long messages)
    {
        channel = SlabChannel.Create<T>(PsyneSubjects.ModeOf(shape.Threads), new SlabChannelOptions { Capacity = shape.Capacity });
        writer = channel.Writer;
        reader = channel.Reader;
    }

    public void Write(int producer, ulong first, int count)
    {
        if (shape.Batch)
        {
            WriteBatches(Stamp.Of(producer, first), count);
            return;
        }

        var to = writer;
        var stamp = Stamp.Of(producer, first);
        for (var end = stamp + (ulong)count; stamp != end; stamp++)
        {
            // No using: nothing between claim and publish can throw.
            var claim = to.Claim();
            T.Write(ref claim.Value, stamp);
            claim.Publish();
        }
    }

    private void WriteBatches(ulong stamp, int count)
    {
        while (count > 0)
        {
            using var batch = writer.ClaimBatch(Math.Min(count, shape.BatchSize));
            for (var i = 0; i < batch.Count; i++)
            {
                T.Write(ref batch[i], stamp++);
            }

            batch.Publish();
            count -= batch.Count;
        }
    }

    public void CompleteWriting() => channel.Complete();

    public bool Read(int consumer, ref Tally tally)
    {
        var taken = shape.Batch ? ReadBatches(ref tally) : ReadSingly(ref tally);
        return taken == MostAtOnce || reader.WaitToTake(Timeout.InfiniteTimeSpan);
    }

    private int ReadSingly(ref Tally tally)
    {
        var local = tally;
        var from = reader;
        var count = 0;
        for (; count < MostAtOnce && from.TryTake(out var lease); count++)
        {
            using (lease)
            {
                local.Add(T.Read(in lease.Value));
            }
        }

        tally = local;
        return count;
    }

    private int ReadBatches(ref Tally tally)
    {
        var local = tally;
        var count = 0;
        while (count < MostAtOnce && reader.TryTakeBatch(Math.Min(shape.BatchSize, MostAtOnce - count), out var batch))
        {
            using (batch)
            {
                foreach (ref readonly var message in batch)
                {
                    local.Add(T.Read(in message));
                }

                count += batch.Count;
            }
        }

        tally = local;
        return count;
    }

    public long End()
    {
        var drops = channel.Statistics.Drops;
        channel.Dispose();
        return drops;
    }

    public void Dispose() => channel?.Dispose();
}

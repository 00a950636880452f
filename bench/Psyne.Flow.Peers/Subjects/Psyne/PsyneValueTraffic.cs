using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Psyne;

/// <summary>Small messages: claimed, built in place and published; taken, read in place and disposed. One at a time or in batches.</summary>
/// <param name="shape">What is moved.</param>
/// <param name="lanes">Whether each producer has a lane of its own, and each consumer an end.</param>
internal sealed class PsyneValueTraffic<T>(Shape shape, bool lanes = false) : ITraffic
    where T : unmanaged, IMessage<T>
{
    private const int MostAtOnce = 4096;

    private SlabChannel<T> channel = null!;
    private SlabWriter<T>[] writers = [];
    private SlabReader<T>[] readers = [];

    public void Begin(long messages)
    {
        var (producers, consumers) = shape.Threads;
        channel = SlabChannel.Create<T>(PsyneSubjects.ModeOf(shape.Threads), lanes
            ? new SlabChannelOptions { Capacity = shape.Capacity / producers, Lanes = producers }
            : new SlabChannelOptions { Capacity = shape.Capacity });
        writers = [.. Enumerable.Range(0, producers).Select(_ => lanes ? channel.OpenWriter() : channel.Writer)];
        readers = [.. Enumerable.Range(0, consumers).Select(_ => lanes && consumers > 1 ? channel.OpenReader() : channel.Reader)];
    }

    public void Write(int producer, ulong first, int count)
    {
        if (shape.Batch)
        {
            WriteBatches(writers[producer], Stamp.Of(producer, first), count);
            return;
        }

        var to = writers[producer];
        var stamp = Stamp.Of(producer, first);
        for (var end = stamp + (ulong)count; stamp != end; stamp++)
        {
            // No using: nothing between claim and publish can throw.
            var claim = to.Claim();
            T.Write(ref claim.Value, stamp);
            claim.Publish();
        }
    }

    private void WriteBatches(SlabWriter<T> writer, ulong stamp, int count)
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
        var reader = readers[consumer];
        var taken = shape.Batch ? ReadBatches(reader, ref tally) : ReadSingly(reader, ref tally);
        return taken == MostAtOnce || reader.WaitToTake(Timeout.InfiniteTimeSpan);
    }

    private static int ReadSingly(SlabReader<T> from, ref Tally tally)
    {
        var local = tally;
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

    private int ReadBatches(SlabReader<T> reader, ref Tally tally)
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

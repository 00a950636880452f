using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Blocks;

/// <summary>Our blocks, fed through a channel's writer: a message at a time, or by claims of 64.</summary>
internal sealed class PsyneGraph<T>(Graph graph, bool batches) : ITraffic
    where T : unmanaged, IMessage<T>
{
    private const int ClaimAtOnce = 64;

    private readonly DataflowLinkOptions propagate = new() { PropagateCompletion = true };
    private SlabChannel<T>[] channels = [];
    private Tally[] tallies = [];
    private Task done = Task.CompletedTask;

    private ExecutionDataflowBlockOptions Options(int parallelism = 1) =>
        new() { BoundedCapacity = graph.Bound, MaxDegreeOfParallelism = parallelism };

    public void Begin(long messages)
    {
        var options = new SlabChannelOptions { Capacity = graph.Bound };
        channels = [.. Enumerable.Range(0, graph.Kind == GraphKind.Join ? 2 : 1).Select(_ => SlabChannel.CreateSpsc<T>(options))];
        tallies = [.. Enumerable.Range(0, graph.Kind == GraphKind.FanOut ? graph.Size : 1).Select(_ => new Tally(1))];
        var source = channels[0].Reader.AsSourceBlock();
        done = graph.Kind switch
        {
            GraphKind.Pipeline => Pipeline(source),
            GraphKind.FanOut => FanOut(source),
            GraphKind.Batch => Batch(source),
            _ => Join(source, channels[1].Reader.AsSourceBlock()),
        };
    }

    private Task Pipeline(SlabSourceBlock<Lease<T>> last)
    {
        for (var stage = 2; stage < graph.Size; stage++)
        {
            SlabPropagatorBlock<Lease<T>, Lease<T>> next = graph.Bytes <= 64
                ? new SlabTransformBlock<T, T>((in T input, ref T output) => output = input, Options(graph.Parallelism))
                : new SlabTransformBlock<T>(static (ref T _) => { }, Options(graph.Parallelism)); // in place: it passes on, as the peers' do
            last.LinkTo(next, propagate);
            last = next;
        }

        var action = Action(0);
        last.LinkTo(action, propagate);
        return action.Completion;
    }

    private Task FanOut(SlabSourceBlock<Lease<T>> source)
    {
        var broadcast = new SlabBroadcastBlock<T>(Options());
        source.LinkTo(broadcast, propagate);
        var actions = Enumerable.Range(0, graph.Size).Select(Action).ToArray();
        foreach (var action in actions)
        {
            broadcast.LinkTo(action, propagate);
        }

        return Task.WhenAll(actions.Select(action => action.Completion));
    }

    private Task Batch(SlabSourceBlock<Lease<T>> source)
    {
        var batch = new SlabBatchBlock<T>(graph.Size, new GroupingDataflowBlockOptions { BoundedCapacity = graph.Bound });
        var action = new ActionBlock<OwnedLeaseBatch<T>>(
            messages =>
            {
                using (messages)
                {
                    for (var i = 0; i < messages.Count; i++)
                    {
                        tallies[0].Add(T.Read(in messages[i]));
                    }
                }
            },
            Options());
        source.LinkTo(batch, propagate);
        batch.LinkTo(action, propagate);
        return action.Completion;
    }

    private Task Join(SlabSourceBlock<Lease<T>> left, SlabSourceBlock<Lease<T>> right)
    {
        var join = new SlabJoinBlock<T, T>(new GroupingDataflowBlockOptions { BoundedCapacity = graph.Bound });
        var action = new ActionBlock<LeasePair<T, T>>(
            pair =>
            {
                using (pair)
                {
                    var stamp = T.Read(in pair.First);
                    tallies[0].Add(stamp == T.Read(in pair.Second) ? stamp : 0);
                }
            },
            Options());
        left.LinkTo(join.Target1, propagate);
        right.LinkTo(join.Target2, propagate);
        join.LinkTo(action, propagate);
        return action.Completion;
    }

    private SlabActionBlock<T> Action(int index)
    {
        var own = tallies;
        return new SlabActionBlock<T>((ref readonly T message) => own[index].Add(T.Read(in message)), Options());
    }

    public void Write(int producer, ulong first, int count)
    {
        // Two sources in turn, by less than a block holds: else both would wait for the join.
        for (var most = channels.Length == 1 ? count : graph.Bound / 4; count > 0; count -= most)
        {
            most = Math.Min(most, count);
            foreach (var channel in channels)
            {
                if (batches)
                {
                    WriteBatches(channel.Writer, first, most);
                }
                else
                {
                    WriteSingly(channel.Writer, first, most);
                }
            }

            first += (ulong)most;
        }
    }

    private static void WriteSingly(SlabWriter<T> to, ulong stamp, int count)
    {
        for (var end = stamp + (ulong)count; stamp != end; stamp++)
        {
            var claim = to.Claim();
            T.Write(ref claim.Value, stamp);
            claim.Publish();
        }
    }

    private static void WriteBatches(SlabWriter<T> to, ulong stamp, int count)
    {
        while (count > 0)
        {
            using var batch = to.ClaimBatch(Math.Min(count, ClaimAtOnce));
            for (var i = 0; i < batch.Count; i++)
            {
                T.Write(ref batch[i], stamp++);
            }

            batch.Publish();
            count -= batch.Count;
        }
    }

    public void CompleteWriting()
    {
        foreach (var channel in channels)
        {
            channel.Complete();
        }
    }

    public bool Read(int consumer, ref Tally tally)
    {
        done.GetAwaiter().GetResult();
        Merged.Into(ref tally, tallies);
        return false;
    }

    public long End()
    {
        Dispose();
        return 0;
    }

    public void Dispose()
    {
        foreach (var channel in channels)
        {
            channel.Dispose();
        }
    }
}

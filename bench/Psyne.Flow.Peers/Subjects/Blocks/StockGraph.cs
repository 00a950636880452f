using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Subjects.Dotnet;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Blocks;

/// <summary>TPL Dataflow's blocks, bounded or not. Large messages are arrays that go round; transforms pass them on.</summary>
internal sealed class StockGraph<T, TCargo>(Graph graph, Func<TCargo> makeCargo, bool bounded) : ITraffic
    where TCargo : struct, ICargo<T>
{
    private readonly DataflowLinkOptions propagate = new() { PropagateCompletion = true };
    private TCargo cargo;
    private ITargetBlock<T>[] heads = [];
    private Tally[] tallies = [];
    private Task done = Task.CompletedTask;

    private int Bound => bounded ? graph.Bound : DataflowBlockOptions.Unbounded;

    private ExecutionDataflowBlockOptions Options(int parallelism = 1) =>
        new() { BoundedCapacity = Bound, MaxDegreeOfParallelism = parallelism, SingleProducerConstrained = true };

    private BufferBlock<T> NewHead() => new(new DataflowBlockOptions { BoundedCapacity = Bound });

    public void Begin(long messages)
    {
        cargo = makeCargo();
        tallies = [.. Enumerable.Range(0, graph.Kind == GraphKind.FanOut ? graph.Size : 1).Select(_ => new Tally(1))];
        var head = NewHead();
        heads = [head];
        done = graph.Kind switch
        {
            GraphKind.Pipeline => Pipeline(head),
            GraphKind.FanOut => FanOut(head),
            GraphKind.Batch => Batch(head),
            _ => Join(head),
        };
    }

    private Task Pipeline(ISourceBlock<T> last)
    {
        for (var stage = 2; stage < graph.Size; stage++)
        {
            var next = new TransformBlock<T, T>(message => message, Options(graph.Parallelism));
            last.LinkTo(next, propagate);
            last = next;
        }

        var action = Action(0);
        last.LinkTo(action, propagate);
        return action.Completion;
    }

    /// <summary>BroadcastBlock loses messages, so a transform hands each to every target, as programs do that may not lose any.</summary>
    private Task FanOut(ISourceBlock<T> source)
    {
        var actions = Enumerable.Range(0, graph.Size).Select(Action).ToArray();
        var spread = new ActionBlock<T>(
            async message =>
            {
                foreach (var action in actions)
                {
                    if (!action.Post(message))
                    {
                        await action.SendAsync(message).ConfigureAwait(false);
                    }
                }
            },
            Options());
        source.LinkTo(spread, propagate);
        _ = spread.Completion.ContinueWith(_ => Array.ForEach(actions, action => action.Complete()), TaskScheduler.Default);
        return Task.WhenAll(actions.Select(action => action.Completion));
    }

    private Task Batch(ISourceBlock<T> source)
    {
        var batch = new BatchBlock<T>(graph.Size, new GroupingDataflowBlockOptions { BoundedCapacity = Bound });
        var action = new ActionBlock<T[]>(
            messages =>
            {
                foreach (ref readonly var message in messages.AsSpan())
                {
                    tallies[0].Add(cargo.Unload(in message));
                }
            },
            Options());
        source.LinkTo(batch, propagate);
        batch.LinkTo(action, propagate);
        return action.Completion;
    }

    private Task Join(ISourceBlock<T> left)
    {
        var right = NewHead();
        heads = [.. heads, right];
        var join = new JoinBlock<T, T>(new GroupingDataflowBlockOptions { BoundedCapacity = Bound });
        var action = new ActionBlock<Tuple<T, T>>(
            pair =>
            {
                var (one, two) = (pair.Item1, pair.Item2);
                var stamp = cargo.Unload(in one);
                tallies[0].Add(stamp == cargo.Unload(in two) ? stamp : 0);
            },
            Options());
        left.LinkTo(join.Target1, propagate);
        right.LinkTo(join.Target2, propagate);
        join.LinkTo(action, propagate);
        return action.Completion;
    }

    private ActionBlock<T> Action(int index) => new(message => tallies[index].Add(cargo.Unload(in message)), Options());

    public void Write(int producer, ulong first, int count)
    {
        // Two sources in turn, by less than a block holds: else both would wait for the join.
        for (var most = heads.Length == 1 ? count : graph.Bound / 4; count > 0; count -= most)
        {
            most = Math.Min(most, count);
            foreach (var head in heads)
            {
                Write(head, first, most);
            }

            first += (ulong)most;
        }
    }

    private void Write(ITargetBlock<T> head, ulong stamp, int count)
    {
        for (var end = stamp + (ulong)count; stamp != end; stamp++)
        {
            var item = cargo.Load(stamp);
            if (!head.Post(item))
            {
                head.SendAsync(item).GetAwaiter().GetResult();
            }
        }
    }

    public void CompleteWriting() => Array.ForEach(heads, head => head.Complete());

    public bool Read(int consumer, ref Tally tally)
    {
        done.GetAwaiter().GetResult();
        Merged.Into(ref tally, tallies);
        return false;
    }

    public long End() => 0;

    public void Dispose()
    {
    }
}

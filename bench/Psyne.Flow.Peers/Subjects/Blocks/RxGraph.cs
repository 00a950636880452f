using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Subjects.Dotnet;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Blocks;

/// <summary>
/// Rx: a subject, and before each stage ObserveOn the task pool, which is what gives a stage a queue and a worker of its
/// own, as a block has. Without it a whole pipeline is one call on the producer's thread.
/// </summary>
internal sealed class RxGraph<T, TCargo>(Graph graph, Func<TCargo> makeCargo) : ITraffic
    where TCargo : struct, ICargo<T>
{
    private TCargo cargo;
    private Subject<T>[] heads = [];
    private Tally[] tallies = [];
    private Task done = Task.CompletedTask;

    public void Begin(long messages)
    {
        cargo = makeCargo();
        tallies = [.. Enumerable.Range(0, graph.Kind == GraphKind.FanOut ? graph.Size : 1).Select(_ => new Tally(1))];
        heads = [.. Enumerable.Range(0, graph.Kind == GraphKind.Join ? 2 : 1).Select(_ => new Subject<T>())];
        done = graph.Kind switch
        {
            GraphKind.Pipeline => Pipeline(),
            GraphKind.FanOut => Task.WhenAll(Enumerable.Range(0, graph.Size).Select(i => Act(Queued(heads[0]), i))),
            GraphKind.Batch => Queued(heads[0]).Buffer(graph.Size).ObserveOn(TaskPoolScheduler.Default).Do(batch =>
            {
                foreach (var message in batch)
                {
                    tallies[0].Add(cargo.Unload(in message));
                }
            }).LastOrDefaultAsync().ToTask(),
            _ => Queued(heads[0]).Zip(Queued(heads[1]), (one, two) => (One: one, Two: two)).ObserveOn(TaskPoolScheduler.Default).Do(pair =>
            {
                var stamp = cargo.Unload(in pair.One);
                tallies[0].Add(stamp == cargo.Unload(in pair.Two) ? stamp : 0);
            }).LastOrDefaultAsync().ToTask(),
        };
    }

    private static IObservable<T> Queued(IObservable<T> source) => source.ObserveOn(TaskPoolScheduler.Default);

    private Task Pipeline()
    {
        IObservable<T> last = heads[0];
        for (var stage = 2; stage < graph.Size; stage++)
        {
            last = Queued(last).Select(message => message);
        }

        return Act(Queued(last), 0);
    }

    private Task Act(IObservable<T> messages, int index) =>
        messages.Do(message => tallies[index].Add(cargo.Unload(in message))).LastOrDefaultAsync().ToTask();

    public void Write(int producer, ulong first, int count)
    {
        for (var end = first + (ulong)count; first != end; first++)
        {
            foreach (var head in heads)
            {
                head.OnNext(cargo.Load(first));
            }
        }
    }

    public void CompleteWriting() => Array.ForEach(heads, head => head.OnCompleted());

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

    public void Dispose() => Array.ForEach(heads, head => head.Dispose());
}

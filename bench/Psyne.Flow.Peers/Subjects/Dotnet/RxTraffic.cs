using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>
/// An Rx Subject, behind Subject.Synchronize when several threads call OnNext. With <c>handOff</c>, ObserveOn moves
/// the messages to an EventLoopScheduler's thread, pinned like a consumer's; without, OnNext reads the message on the
/// producer's own thread, which hands nothing over and is shown for reference only. Rx has no competing consumers.
/// </summary>
internal sealed class RxTraffic<T, TCargo>(Shape shape, TCargo cargo, bool handOff) : ITraffic
    where TCargo : struct, ICargo<T>
{
    private readonly ManualResetEventSlim completed = new();
    private Subject<T> subject = null!;
    private ISubject<T> entry = null!;
    private EventLoopScheduler? loop;
    private IDisposable? subscription;
    private Tally count;

    public void Begin(long messages)
    {
        completed.Reset();
        count = new Tally(shape.Threads.Producers);
        subject = new Subject<T>();
        entry = shape.Threads.Producers == 1 ? subject : Subject.Synchronize(subject);
        IObservable<T> source = subject;
        if (handOff)
        {
            loop = new EventLoopScheduler(body => new Thread(() =>
            {
                Affinity.PinCurrentThread(shape.Threads.Producers);
                body();
            })
            { IsBackground = true });
            source = subject.ObserveOn(loop);
        }

        subscription = source.Subscribe(item => count.Add(cargo.Unload(in item)), completed.Set);
    }

    public void Write(int producer, ulong first, int count)
    {
        var stamp = Stamp.Of(producer, first);
        var to = entry;
        for (var end = stamp + (ulong)count; stamp != end; stamp++)
        {
            to.OnNext(cargo.Load(stamp));
        }
    }

    public void CompleteWriting() => entry.OnCompleted();

    public bool Read(int consumer, ref Tally tally)
    {
        completed.Wait();
        tally = count;
        return false;
    }

    public long End()
    {
        subscription?.Dispose();
        loop?.Dispose();
        subject.Dispose();
        return 0;
    }

    public void Dispose() => completed.Dispose();
}

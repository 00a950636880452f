using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>
/// There through a Subject and ObserveOn an EventLoopScheduler. Rx can't deliver to a thread that is busy with
/// something else, so the way back is a bare field (spin) or a semaphore (parked): half of a spinning round trip, in Rx's favour.
/// </summary>
internal sealed class RxEcho : IEcho
{
    private readonly Arrival arrival;
    private readonly bool parked;
    private readonly EventLoopScheduler loop = new(body => new Thread(() =>
    {
        Affinity.PinCurrentThread(1);
        body();
    })
    { IsBackground = true });

    private readonly Subject<ulong> there = new();
    private readonly IDisposable subscription;
    private readonly SemaphoreSlim answered = new(0);
    private readonly ManualResetEventSlim stopped = new();
    private ulong answer;

    public RxEcho(Arrival arrival, bool parked)
    {
        this.arrival = arrival;
        this.parked = parked;
        subscription = there.ObserveOn(loop).Subscribe(Receive);
    }

    public ulong Call(ulong value)
    {
        there.OnNext(value);
        if (parked)
        {
            answered.Wait();
        }
        else
        {
            while (Volatile.Read(ref answer) != value)
            {
                Thread.SpinWait(1);
            }
        }

        return Volatile.Read(ref answer);
    }

    public ulong Answer()
    {
        stopped.Wait();
        stopped.Reset();
        return IEcho.Stop;
    }

    public void Dispose()
    {
        subscription.Dispose();
        loop.Dispose();
        there.Dispose();
        answered.Dispose();
        stopped.Dispose();
    }

    private void Receive(ulong value)
    {
        arrival.Mark();
        Volatile.Write(ref answer, value);
        if (parked)
        {
            answered.Release();
        }

        if (value == IEcho.Stop)
        {
            stopped.Set();
        }
    }
}

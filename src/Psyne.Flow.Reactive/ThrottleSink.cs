using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Psyne.Flow.Reactive;

/// <summary>Hands a lease on when it has been the newest for some time.</summary>
internal sealed class ThrottleSink<T>(IObserver<Lease<T>> observer, TimeSpan dueTime, IScheduler scheduler) : LatestSink<T>(observer) where T : unmanaged
{
    private readonly SerialDisposable _timer = new();
    private long _newest; // under Gate: a timer that was overtaken as it fired does nothing

    private protected override void Take(Lease<T> lease)
    {
        base.Take(lease);
        var mine = ++_newest;
        _timer.Disposable = scheduler.Schedule(dueTime, () => FlushWhen(() => mine == _newest));
    }

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }
}

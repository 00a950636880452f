using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Psyne.Flow.Reactive;

/// <summary>Hands the newest lease on at each tick.</summary>
internal sealed class SampleSink<T> : LatestSink<T> where T : unmanaged
{
    private readonly IDisposable _ticks;

    internal SampleSink(IObserver<Lease<T>> observer, TimeSpan interval, IScheduler scheduler) : base(observer) =>
        _ticks = Observable.Interval(interval, scheduler).Subscribe(_ => FlushWhen(static () => true));

    public override void Dispose()
    {
        _ticks.Dispose();
        base.Dispose();
    }
}

using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Psyne.Flow.Reactive;

/// <summary>
/// Operators that know about leases: they own what they are given, and dispose what they drop, and what they still hold
/// when the source fails or the observer unsubscribes. All want retained leases (<c>AsRetainedObservable</c>);
/// <c>SelectCopy</c>, <c>WhereLease</c> and <c>ForEachLease</c> work on those that are valid during <c>OnNext</c> as well.
/// </summary>
/// <remarks>
/// Thread-safe as far as Rx is: a source calls one at a time, subscriptions are disposed on any thread. None blocks but in
/// its observer. A lease that an operator hands on is the observer's to dispose, unless the operator says that it does.
/// </remarks>
/// <example><code>
/// using var subscription = channel.Reader.AsRetainedObservable()
///     .BufferRetained(32)
///     .Subscribe(buffer => { using (buffer) Train(buffer); });
/// </code></example>
public static class LeaseObservable
{
    /// <summary>The messages as copies. Each lease is disposed.</summary>
    /// <param name="source">Leases of either kind.</param>
    /// <exception cref="ArgumentNullException">The source is null.</exception>
    public static IObservable<T> SelectCopy<T>(this IObservable<Lease<T>> source) where T : unmanaged =>
        source.SelectCopy(static (ref readonly T message) => message);

    /// <summary>What is made of each message. Its lease is disposed before the result is handed on.</summary>
    /// <param name="source">Leases of either kind.</param>
    /// <param name="select">Called with the message where it lies; what it throws ends the sequence with that error.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example><code>var celsius = leases.SelectCopy((ref readonly Reading reading) => reading.Celsius);</code></example>
    public static IObservable<TResult> SelectCopy<T, TResult>(this IObservable<Lease<T>> source, MessageSelector<T, TResult> select) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(select);
        return source.Select(lease =>
        {
            using (lease)
                return select(in lease.Value);
        });
    }

    /// <summary>The leases of the messages that match; the others are disposed.</summary>
    /// <param name="source">Leases of either kind.</param>
    /// <param name="matches">Called with the message where it lies; what it throws ends the sequence with that error.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<Lease<T>> WhereLease<T>(this IObservable<Lease<T>> source, MessageSelector<T, bool> matches) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(matches);
        return source.Where(lease =>
        {
            var kept = false;
            try
            {
                return kept = matches(in lease.Value);
            }
            finally
            {
                if (!kept)
                    lease.Dispose();
            }
        });
    }

    /// <summary>Subscribes a handler, and disposes each lease when it returns or throws.</summary>
    /// <param name="source">Leases of either kind.</param>
    /// <param name="handle">Called with each message where it lies.</param>
    /// <param name="failed">Called with the error that ends the sequence; null to have it thrown where it comes up.</param>
    /// <param name="completed">Called at the end; null for nothing.</param>
    /// <returns>What unsubscribes when it is disposed.</returns>
    /// <exception cref="ArgumentNullException">The source or the handler is null.</exception>
    public static IDisposable ForEachLease<T>(
        this IObservable<Lease<T>> source, MessageHandler<T> handle, Action<Exception>? failed = null, Action? completed = null) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(handle);
        void Next(Lease<T> lease)
        {
            using (lease)
                handle(in lease.Value);
        }
        completed ??= static () => { };
        return failed is null ? source.Subscribe(Next, completed) : source.Subscribe(Next, failed, completed);
    }

    /// <summary>Gathers leases. A buffer is the observer's to dispose; the last may be shorter.</summary>
    /// <param name="source">Retained leases, whose budget must allow <paramref name="count"/> at once.</param>
    /// <param name="count">Leases in a buffer, 1 or more.</param>
    /// <exception cref="ArgumentNullException">The source is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public static IObservable<LeaseBuffer<T>> BufferRetained<T>(this IObservable<Lease<T>> source, int count) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Over<T, LeaseBuffer<T>>(source, observer => new BufferSink<T>(observer, count));
    }

    /// <summary>
    /// Windows of leases. Those of a window are held while it is open, for whatever gathers them inside, and disposed when
    /// its observers have been told of its end.
    /// </summary>
    /// <param name="source">Retained leases, whose budget must allow <paramref name="count"/> at once.</param>
    /// <param name="count">Leases in a window, 1 or more.</param>
    /// <exception cref="ArgumentNullException">The source is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <example><code>
    /// leases.WindowRetained(100).SelectMany(window => window.Max(lease => lease.Value.Celsius)).Subscribe(Show);
    /// </code></example>
    public static IObservable<IObservable<Lease<T>>> WindowRetained<T>(this IObservable<Lease<T>> source, int count) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Over<T, IObservable<Lease<T>>>(source, observer => new WindowSink<T>(observer, count));
    }

    /// <summary>The newest lease at each tick; those that are overtaken are disposed. The last comes with the end.</summary>
    /// <param name="source">Retained leases.</param>
    /// <param name="interval">From one tick to the next.</param>
    /// <param name="scheduler">Whose time it is; null for the default scheduler.</param>
    /// <exception cref="ArgumentNullException">The source is null.</exception>
    public static IObservable<Lease<T>> SampleRetained<T>(this IObservable<Lease<T>> source, TimeSpan interval, IScheduler? scheduler = null) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(source);
        return Over<T, Lease<T>>(source, observer => new SampleSink<T>(observer, interval, scheduler ?? Scheduler.Default));
    }

    /// <summary>A lease once nothing newer has come for some time; those that are overtaken are disposed. The last comes with the end.</summary>
    /// <param name="source">Retained leases.</param>
    /// <param name="dueTime">For how long nothing newer must come.</param>
    /// <param name="scheduler">Whose time it is; null for the default scheduler.</param>
    /// <exception cref="ArgumentNullException">The source is null.</exception>
    public static IObservable<Lease<T>> ThrottleRetained<T>(this IObservable<Lease<T>> source, TimeSpan dueTime, IScheduler? scheduler = null) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(source);
        return Over<T, Lease<T>>(source, observer => new ThrottleSink<T>(observer, dueTime, scheduler ?? Scheduler.Default));
    }

    /// <summary>
    /// Calls the observer on a scheduler, and disposes each lease when its <c>OnNext</c> returns. Leases that wait count
    /// against the source's budget, which bounds how far the observer may fall behind; at unsubscribe the source returns them.
    /// </summary>
    /// <param name="source">Retained leases.</param>
    /// <param name="scheduler">Where the observer is called.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<Lease<T>> ObserveOnRetained<T>(this IObservable<Lease<T>> source, IScheduler scheduler) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(scheduler);
        return Observable.Create<Lease<T>>(observer => source.ObserveOn(scheduler).Subscribe(
            lease =>
            {
                try
                {
                    observer.OnNext(lease);
                }
                finally
                {
                    if (lease.IsHeld) // else the observer disposed it, or unsubscribed
                        lease.Dispose();
                }
            },
            observer.OnError,
            observer.OnCompleted));
    }

    /// <summary>The source is left before the sink gives up what it holds, so that nothing comes after.</summary>
    private static IObservable<TOut> Over<T, TOut>(IObservable<Lease<T>> source, Func<IObserver<TOut>, LeaseSink<T, TOut>> make) where T : unmanaged =>
        Observable.Create<TOut>(observer =>
        {
            var sink = make(observer);
            return StableCompositeDisposable.Create(source.Subscribe(sink), sink);
        });
}

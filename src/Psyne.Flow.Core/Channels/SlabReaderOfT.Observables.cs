using Psyne.Flow.Observables;

namespace Psyne.Flow;

public sealed partial class SlabReader<T>
{
    private MessagePump<T>? _pump;

    /// <summary>One for the end, whatever the forms: every observer sees every message.</summary>
    private MessagePump<T> Pump => LazyInitializer.EnsureInitialized(ref _pump, () => new MessagePump<T>(new ReaderFeed<T>(this)));

    internal bool IsDisposedBeforeItsEnd => !Channel.Completion.IsCompletedSuccessfully && (IsEndDisposed || Channel.IsDisposed);

    /// <summary>
    /// The messages for observers, as copies. While somebody observes, the observers use the end, and nobody else may.
    /// Every observer sees every message that is taken from its subscription on; see <see cref="SlabObservable{TMessage}"/>
    /// for threads, back-pressure and the end. Allocates nothing per message.
    /// </summary>
    /// <example><code>
    /// using var mean = channel.Reader.AsObservable().Window(100).SelectMany(window => window.Average(reading => reading.Celsius)).Subscribe(Show);
    /// </code></example>
    public SlabObservable<T> AsObservable() => ObservableForms.Values(Pump);

    /// <summary>
    /// The messages for observers, as leases that are valid until <c>OnNext</c> returns: nothing is copied. A use after
    /// that, of a stored lease as well, throws <see cref="LeaseException"/>; <see cref="Lease{T}.Retain"/> in
    /// <c>OnNext</c> gives a lease that lasts. An observer needn't dispose the lease. Operators that keep messages
    /// (Buffer, Sample, ObserveOn) want <see cref="AsRetainedObservable"/>. Otherwise as <see cref="AsObservable"/>.
    /// </summary>
    public SlabObservable<Lease<T>> AsLeaseObservable() => ObservableForms.Loans(Pump);

    /// <summary>
    /// The messages for observers, as leases that last until they are disposed, on any thread. Disposing one twice throws.
    /// An observer that unsubscribes before the source has ended returns what it holds: then a use throws
    /// <see cref="LeaseException"/>, and disposing does nothing. From the end of the source on leases are their holders'
    /// (an operator unsubscribes then although what it handed on may be on its way to another thread); those that were
    /// dropped come back when they are collected. <see cref="Lease{T}.Retain"/> gives a lease that the budget doesn't count
    /// and that outlives the subscription. Otherwise as <see cref="AsObservable"/>.
    /// </summary>
    /// <param name="options">The bytes that each subscription may hold, and how long it may hold all of them; null for 64 MiB, for ever.</param>
    public SlabObservable<Lease<T>> AsRetainedObservable(RetainedOptions? options = null) => ObservableForms.Retained(Pump, options);
}

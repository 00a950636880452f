using Psyne.Flow.Observables;

namespace Psyne.Flow;

/// <summary>
/// The messages of a block for observers. They are preferred to TPL Dataflow's own <c>AsObservable</c>, which would hand
/// one lease to all observers, wherever this namespace is imported beside TPL's.
/// </summary>
/// <remarks>
/// Thread-safe. The observers are one target of the block: what they take, other targets don't get. The block is linked
/// while somebody observes. A cancelled block is <c>OnError</c> with an <see cref="OperationCanceledException"/>.
/// </remarks>
/// <example><code>
/// using var subscription = transform.AsObservable().Subscribe(observer);
/// </code></example>
public static class SlabBlockObservables
{
    /// <inheritdoc cref="SlabReader{T}.AsObservable"/>
    /// <param name="block">The block, which the observers receive from.</param>
    public static SlabObservable<T> AsObservable<T>(this SlabSourceBlock<Lease<T>> block) where T : unmanaged =>
        ObservableForms.Values(Pump(block));

    /// <inheritdoc cref="SlabReader{T}.AsLeaseObservable"/>
    /// <param name="block">The block, which the observers receive from.</param>
    public static SlabObservable<Lease<T>> AsLeaseObservable<T>(this SlabSourceBlock<Lease<T>> block) where T : unmanaged =>
        ObservableForms.Loans(Pump(block));

    /// <inheritdoc cref="SlabReader{T}.AsRetainedObservable"/>
    /// <param name="block">The block, which the observers receive from.</param>
    /// <param name="options">The bytes that each subscription may hold, and how long it may hold all of them; null for 64 MiB, for ever.</param>
    public static SlabObservable<Lease<T>> AsRetainedObservable<T>(this SlabSourceBlock<Lease<T>> block, RetainedOptions? options = null) where T : unmanaged =>
        ObservableForms.Retained(Pump(block), options);

    private static MessagePump<T> Pump<T>(SlabSourceBlock<Lease<T>> block) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(block);
        return (MessagePump<T>)LazyInitializer.EnsureInitialized(ref block.Observers, () => new MessagePump<T>(new BlockFeed<T>(block)));
    }
}

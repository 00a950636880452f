using Psyne.Flow.Observables;

namespace Psyne.Flow;

public sealed unsafe partial class SlabWriter<T>
{
    /// <summary>
    /// This end as an observer: each value is published as a copy, the end completes the channel, an error completes it
    /// with that fault. <c>OnNext</c> waits, drops or throws as the channel's <see cref="FullMode"/> says, and throws
    /// <see cref="SlabChannelClosedException"/> when the channel is closed. Allocates nothing per message. As many threads
    /// may call it as may use the end.
    /// </summary>
    public IObserver<T> AsObserver() => new WriterObserver<T>(this);

    /// <summary>
    /// As <see cref="AsObserver"/>, for leases: the message is copied and its lease disposed, also when publishing throws.
    /// A lease that is only valid during <c>OnNext</c> (<see cref="SlabReader{T}.AsLeaseObservable"/>) is left to its source.
    /// </summary>
    public IObserver<Lease<T>> AsLeaseObserver() => new WriterObserver<T>(this);
}

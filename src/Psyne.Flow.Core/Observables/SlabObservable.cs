namespace Psyne.Flow;

/// <summary>
/// The messages of a channel's read end or of a block, for observers. All observables of one source share one pump: it
/// takes a message and calls every observer in the order in which they subscribed, one at a time, on a thread of the pool.
/// </summary>
/// <remarks>
/// <para>Thread-safe. Observers may be added and removed at any time, in <c>OnNext</c> as well; an observer sees the
/// messages that are taken from its subscription on. Nothing is taken while nobody observes: the rest waits in the
/// source. A slow observer holds up the others and, once the source is full, the producers. To leave the pump's thread,
/// use <c>ObserveOn</c> with values or retained leases.</para>
/// <para>Disposing a subscription doesn't wait: no <c>OnNext</c> begins after it returned, but one that the pump had begun
/// before may still run. Disposing it again does nothing.</para>
/// <para>The end of the source is <c>OnCompleted</c>; a fault comes as <c>OnError</c>, after the messages before it; a
/// cancelled block as an <see cref="OperationCanceledException"/>; a channel or end that was disposed before its last
/// message was taken as an <see cref="ObjectDisposedException"/>. Who subscribes after the end is told at once, on its own
/// thread.</para>
/// <para>An observer that throws is unsubscribed, its <c>OnError</c> is called with what it threw, and
/// <see cref="ObserverFailed"/> is raised; the others go on.</para>
/// </remarks>
/// <example><code>
/// using var subscription = channel.Reader.AsObservable().Subscribe(observer);
/// </code></example>
public abstract class SlabObservable<TMessage> : IObservable<TMessage>
{
    private protected SlabObservable() { }

    /// <summary>Raised on the pump's thread when an observer of this object threw. Keep it short.</summary>
    public event EventHandler<ObserverFailedEventArgs>? ObserverFailed;

    /// <summary>Has an observer called for each message from now on. Doesn't block; allocates once.</summary>
    /// <param name="observer">Who is called.</param>
    /// <returns>What unsubscribes when it is disposed, from any thread.</returns>
    /// <exception cref="ArgumentNullException">The observer is null.</exception>
    public abstract IDisposable Subscribe(IObserver<TMessage> observer);

    internal void OnObserverFailed(Exception exception) => ObserverFailed?.Invoke(this, new ObserverFailedEventArgs(exception));
}

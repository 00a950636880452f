namespace Psyne.Flow.Observables;

/// <summary>One form of a pump's messages; what differs is the kind of observation.</summary>
internal sealed class MessageObservable<T, TMessage>(
    MessagePump<T> pump, Func<MessagePump<T>, SlabObservable<TMessage>, IObserver<TMessage>, Observation<T>> observe) : SlabObservable<TMessage>
    where T : unmanaged
{
    public override IDisposable Subscribe(IObserver<TMessage> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var observation = observe(pump, this, observer);
        pump.Add(observation);
        return observation;
    }
}

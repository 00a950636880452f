namespace Psyne.Flow.Observables;

/// <summary>An observer that is given copies.</summary>
internal sealed class ValueObservation<T>(MessagePump<T> pump, SlabObservable<T> observable, IObserver<T> observer)
    : ObserverCalls<T, T>(pump, observable, observer) where T : unmanaged
{
    private protected override bool Hand(Lease<T> message)
    {
        Observer.OnNext(message.Value);
        return true;
    }
}

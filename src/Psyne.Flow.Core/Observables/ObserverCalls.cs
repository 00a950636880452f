namespace Psyne.Flow.Observables;

/// <summary>What the three kinds of observation share: whom they call, and where failures are told.</summary>
internal abstract class ObserverCalls<T, TMessage>(MessagePump<T> pump, SlabObservable<TMessage> observable, IObserver<TMessage> observer)
    : Observation<T>(pump) where T : unmanaged
{
    private protected IObserver<TMessage> Observer { get; } = observer;

    private protected override void OnCompleted() => Observer.OnCompleted();

    private protected override void OnError(Exception fault) => Observer.OnError(fault);

    private protected override void Raise(Exception thrown) => observable.OnObserverFailed(thrown);
}

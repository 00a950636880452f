namespace Psyne.Flow.Observables;

/// <summary>An observer that is given leases which end as its OnNext returns.</summary>
internal sealed class LoanObservation<T>(MessagePump<T> pump, SlabObservable<Lease<T>> observable, IObserver<Lease<T>> observer)
    : ObserverCalls<T, Lease<T>>(pump, observable, observer) where T : unmanaged
{
    private protected override bool Hand(Lease<T> message)
    {
        var loan = Pump.Lend(message, out var number);
        try
        {
            Observer.OnNext(new Lease<T>(loan, number));
        }
        finally
        {
            loan.End(number);
        }
        return true;
    }
}

namespace Psyne.Flow.Observables;

/// <summary>The three forms in which a pump's messages are observed.</summary>
internal static class ObservableForms
{
    internal static SlabObservable<T> Values<T>(MessagePump<T> pump) where T : unmanaged =>
        new MessageObservable<T, T>(pump, static (pump, observable, observer) => new ValueObservation<T>(pump, observable, observer));

    internal static SlabObservable<Lease<T>> Loans<T>(MessagePump<T> pump) where T : unmanaged =>
        new MessageObservable<T, Lease<T>>(pump, static (pump, observable, observer) => new LoanObservation<T>(pump, observable, observer));

    internal static SlabObservable<Lease<T>> Retained<T>(MessagePump<T> pump, RetainedOptions? options) where T : unmanaged =>
        new MessageObservable<T, Lease<T>>(pump,
            (pump, observable, observer) => new RetainedObservation<T>(pump, observable, observer, options ?? RetainedOptions.Default));
}

namespace Psyne.Flow.Observables;

/// <summary>Publishes what it observes.</summary>
internal sealed class WriterObserver<T>(SlabWriter<T> writer) : IObserver<T>, IObserver<Lease<T>> where T : unmanaged
{
    public void OnNext(T value) => writer.Publish(in value);

    public void OnNext(Lease<T> value)
    {
        // A loan is its source's, and other observers may be called with the same one.
        if (value.Owner is LeaseLoan)
        {
            writer.Publish(in value.Value);
            return;
        }
        using (value)
            writer.Publish(in value.Value);
    }

    public void OnError(Exception error) => writer.Complete(error);

    public void OnCompleted() => writer.Complete();
}

namespace Psyne.Flow.Reactive;

/// <summary>Holds the newest lease until its time has come.</summary>
internal abstract class LatestSink<T>(IObserver<Lease<T>> observer) : LeaseSink<T, Lease<T>>(observer) where T : unmanaged
{
    private Lease<T>? _latest;

    private protected override void Take(Lease<T> lease)
    {
        Drop();
        _latest = lease;
    }

    private protected override void Flush()
    {
        if (_latest is not { } lease)
            return;
        _latest = null;
        Observer.OnNext(lease);
    }

    private protected override void Drop()
    {
        _latest?.Dispose();
        _latest = null;
    }
}

namespace Psyne.Flow.Reactive;

/// <summary>Gathers leases into buffers.</summary>
internal sealed class BufferSink<T>(IObserver<LeaseBuffer<T>> observer, int count) : LeaseSink<T, LeaseBuffer<T>>(observer) where T : unmanaged
{
    private List<Lease<T>> _leases = [];

    private protected override void Take(Lease<T> lease)
    {
        _leases.Add(lease);
        if (_leases.Count == count)
            Flush();
    }

    private protected override void Flush()
    {
        if (_leases.Count == 0)
            return;
        var full = new LeaseBuffer<T>(_leases);
        _leases = [];
        Observer.OnNext(full);
    }

    private protected override void Drop()
    {
        _leases.ForEach(static lease => lease.Dispose());
        _leases = [];
    }
}

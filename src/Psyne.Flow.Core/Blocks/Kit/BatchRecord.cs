#pragma warning disable RS0030 // the version tells a batch from those before in the same record; nothing on the slab is ordered by it
namespace Psyne.Flow.Blocks;

/// <summary>The leases of one batch. Records are used again; each lease has a ticket, so that a batch that is dropped comes back.</summary>
internal sealed class BatchRecord<T>(BatchRecords<T> home) where T : unmanaged
{
    private readonly List<Lease<T>> _leases = [];
    private long _version;

    internal long Version => Volatile.Read(ref _version);

    internal int Count => _leases.Count;

    internal Lease<T> Lease(int index) => (uint)index < (uint)_leases.Count
        ? _leases[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"Index {index} is outside the batch's 0 to {_leases.Count - 1}.");

    internal void Add(Lease<T> lease) => _leases.Add(LeaseTicket.For(lease));

    internal void End(long version)
    {
        if (Interlocked.CompareExchange(ref _version, version + 1, version) != version)
            throw new LeaseException("The batch was disposed before.");
        foreach (var lease in _leases)
            lease.Dispose();
        _leases.Clear();
        home.Return(this);
    }
}

/// <summary>Spare records of a batch block.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BatchRecords<T> where T : unmanaged
{
    private readonly Lock _lock = new();
    private readonly Stack<BatchRecord<T>> _spare = [];

    internal BatchRecord<T> Rent()
    {
        lock (_lock)
            return _spare.TryPop(out var record) ? record : new BatchRecord<T>(this);
    }

    internal void Return(BatchRecord<T> record)
    {
        lock (_lock)
            _spare.Push(record);
    }
}

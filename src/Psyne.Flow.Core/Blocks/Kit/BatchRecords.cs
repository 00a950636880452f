namespace Psyne.Flow.Blocks;

/// <summary>Spare records of a batch block.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BatchRecords<T>(BlockSlab<T> copies) where T : unmanaged
{
    internal bool TryCopy(in T value, out Lease<T> copy) => copies.TryCopy(in value, out copy);

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

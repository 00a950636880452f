using Psyne.Flow.Channels;

namespace Psyne.Flow.Slots;

/// <summary>
/// Leases beyond the shares that a slot's word has: a record, found by slot, holds one share on behalf of any number.
/// The rare path: under a lock, and without allocating once the records exist.
/// </summary>
internal sealed class OverflowTable(SlotPool pool)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Record> _records = [];
    private readonly Stack<Record> _spare = [];
    private long _lastLease;

    /// <summary>A further lease on the slot, or null when the handle is stale.</summary>
    internal LeaseOwner? Retain(long handle, out long retained)
    {
        lock (_lock)
        {
            retained = 0;
            if (!pool.IsHeld(handle))
                return null;
            var index = SlotWord.Index(handle);
            if (!_records.TryGetValue(index, out var record))
            {
                if (!pool.TryRetainOverflow(handle, out var share))
                    return null;
                if (!_spare.TryPop(out record))
                    record = new Record(this, pool);
                record.Share = share;
                _records.Add(index, record);
            }
            retained = ++_lastLease;
            record.Leases.Add(retained);
            return record;
        }
    }

    private unsafe sealed class Record(OverflowTable table, SlotPool pool) : LeaseOwner(pool.Channel)
    {
        internal long Share;
        internal readonly HashSet<long> Leases = [];

        internal override bool IsHeld(long lease)
        {
            lock (table._lock)
                return Leases.Contains(lease);
        }

        internal override byte* Resolve(long lease)
        {
            if (!IsHeld(lease))
                ThrowEnded(lease);
            return pool.At(Share);
        }

        internal override void Release(long lease)
        {
            lock (table._lock)
            {
                if (!Leases.Remove(lease))
                    ThrowEnded(lease);
                if (Leases.Count > 0)
                    return;
                // With the record, so that the next lease beyond the direct shares finds both or neither.
                table._records.Remove(SlotWord.Index(Share));
                pool.TryReleaseQuietly(Share);
                table._spare.Push(this);
            }
            pool.AfterRelease();
        }

        internal override void Release(long first, int count) => Release(first);

        internal override LeaseOwner Retain(long lease, out long retained)
        {
            lock (table._lock)
            {
                if (!Leases.Contains(lease))
                    ThrowEnded(lease);
                retained = ++table._lastLease;
                Leases.Add(retained);
                return this;
            }
        }
    }
}

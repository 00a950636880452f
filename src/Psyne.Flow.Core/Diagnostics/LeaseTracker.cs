using System.Diagnostics;
using Psyne.Flow.Channels;

namespace Psyne.Flow.Diagnostics;

/// <summary>
/// Stands before the owners of a channel's leases and remembers where each lease was taken, for as long as it is held and
/// a while after: <see cref="SlabChannelOptions.TrackLeases"/>.
/// </summary>
/// <remarks>Thread-safe; slow, by the price of a stack trace a lease. Batches are not tracked.</remarks>
internal sealed unsafe class LeaseTracker(ChannelCore channel) : LeaseOwner(channel)
{
    private const int RememberedEnds = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Entry> _held = [];
    private readonly Queue<(long Id, StackTrace Taken, StackTrace Ended)> _ended = new();
    private long _lastId;

    private readonly record struct Entry(LeaseOwner Owner, long Lease, StackTrace Taken);

    /// <summary>Gives the lease a number of its own and remembers who took it.</summary>
    internal long Track(LeaseOwner owner, long lease)
    {
        var taken = new StackTrace(skipFrames: 2, fNeedFileInfo: true);
        lock (_lock)
        {
            _held.Add(++_lastId, new Entry(owner, lease, taken));
            return _lastId;
        }
    }

    /// <summary>Where the leases that are held were taken.</summary>
    internal List<string> Held()
    {
        lock (_lock)
            return [.. _held.Values.Select(static entry => entry.Taken.ToString())];
    }

    private Entry Find(long id)
    {
        lock (_lock)
        {
            if (_held.TryGetValue(id, out var entry))
                return entry;
            foreach (var (ended, taken, end) in _ended)
                if (ended == id)
                    throw Channel.CountMisuse(new LeaseException(
                        $"Lease {id} of {Channel} is not held any more.\nTaken{Environment.NewLine}{taken}Disposed{Environment.NewLine}{end}"));
        }
        throw Channel.CountMisuse(new LeaseException($"Lease {id} of {Channel} is not held any more: it was disposed before."));
    }

    internal override bool IsHeld(long lease)
    {
        lock (_lock)
            return _held.ContainsKey(lease);
    }

    internal override byte* Resolve(long lease)
    {
        var entry = Find(lease);
        return entry.Owner.Resolve(entry.Lease);
    }

    internal override void Release(long lease)
    {
        Entry entry;
        lock (_lock)
        {
            entry = Find(lease);
            _held.Remove(lease);
            _ended.Enqueue((lease, entry.Taken, new StackTrace(skipFrames: 2, fNeedFileInfo: true)));
            if (_ended.Count > RememberedEnds)
                _ended.Dequeue();
        }
        entry.Owner.Release(entry.Lease);
    }

    internal override void Release(long first, int count)
    {
        for (var i = 0; i < count; i++)
            Release(first + i);
    }

    internal override LeaseOwner Retain(long lease, out long retained)
    {
        var entry = Find(lease);
        retained = Track(entry.Owner.Retain(entry.Lease, out var inner), inner);
        return this;
    }
}

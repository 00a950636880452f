using System.Runtime.InteropServices;
using Psyne.Flow.Channels;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow.Observables;

/// <summary>
/// The owner of the leases that one subscription was given: it counts them against the budget, and returns at
/// unsubscribe those that are still held. A lease's word is its entry's index (24 bits) and the entry's generation.
/// </summary>
/// <remarks>Thread-safe. <c>_lock</c> guards everything; other owners are called without it.</remarks>
internal sealed unsafe class RetainedLeases(int messageBytes, long budget, ReturnWatch watch) : LeaseOwner(null!)
{
    private const int IndexBits = 24;
    private const long IndexMask = (1 << IndexBits) - 1;
    private const int None = -1;

    private readonly Lock _lock = new();
    private readonly int _most = (int)Math.Clamp(budget / messageBytes, 1, IndexMask);
    private Entry[] _entries = [];
    private int _used;
    private int _free = None;
    private int _held;
    private bool _ended;
    private ChannelCore? _channel;

    /// <summary>Keeps the owners and their memory while leases are left to holders: the finalizer writes there.</summary>
    private GCHandle _owners;

    /// <summary>That of the last message; there is none before the first lease is given.</summary>
    internal override ChannelCore Channel => _channel!;

    internal int Held
    {
        get
        {
            lock (_lock)
                return _held;
        }
    }

    /// <summary>Whether another lease may be given.</summary>
    internal bool HasRoom
    {
        get
        {
            lock (_lock)
                return _held < _most;
        }
    }

    /// <summary>Takes a share over. False when the subscription ended; the share was then given back.</summary>
    internal bool TryAdd(LeaseOwner owner, long word, out long lease)
    {
        lock (_lock)
        {
            if (!_ended)
            {
                var index = TakeEntry();
                ref var entry = ref _entries[index];
                entry.Owner = owner;
                entry.Word = word;
                entry.IsOut = true;
                _channel = owner.Channel;
                _held++;
                watch.OnGiven();
                lease = (entry.Generation << IndexBits) | (uint)index;
                return true;
            }
        }
        lease = 0;
        owner.Release(word);
        return false;
    }

    /// <summary>Returns what is held. From then on the leases are ended, and disposing one of them does nothing.</summary>
    internal void End()
    {
        (LeaseOwner Owner, long Word)[] held;
        lock (_lock)
        {
            _ended = true;
            held = [.. _entries.Where(static entry => entry.Owner is not null).Select(static entry => (entry.Owner!, entry.Word))];
            foreach (ref var entry in _entries.AsSpan())
                entry.Owner = null;
            _held = 0;
        }
        foreach (var (owner, word) in held)
            owner.Release(word);
        watch.OnReturned(held.Length);
    }

    /// <summary>From now on leases are returned by those who hold them, and what nobody holds any more by the finalizer.</summary>
    internal void LeaveToHolders()
    {
        lock (_lock)
        {
            _ended = true;
            if (_held > 0)
                _owners = GCHandle.Alloc(_entries.Select(static entry => entry.Owner).Distinct().ToArray());
        }
    }

    internal override bool IsHeld(long lease)
    {
        lock (_lock)
            return Find(lease) is { Owner: { } owner } entry && owner.IsHeld(entry.Word);
    }

    internal override byte* Resolve(long lease)
    {
        var (owner, word) = Get(lease);
        return owner.Resolve(word);
    }

    /// <summary>A lease that the budget doesn't count and that outlives the subscription.</summary>
    internal override LeaseOwner Retain(long lease, out long retained)
    {
        var (owner, word) = Get(lease);
        return owner.Retain(word, out retained);
    }

    internal override void Release(long lease)
    {
        LeaseOwner? owner;
        long word;
        lock (_lock)
        {
            if (Find(lease) is not { IsOut: true } entry)
            {
                ThrowEnded(lease);
                return;
            }
            (owner, word) = (entry.Owner, entry.Word);
            var index = (int)(lease & IndexMask);
            _entries[index] = new Entry { Generation = entry.Generation + 1, NextFree = _free };
            _free = index;
            if (owner is null)
                return; // the unsubscribe was quicker; its holder couldn't know
            if (--_held == 0 && _owners.IsAllocated)
                _owners.Free();
        }
        owner.Release(word);
        watch.OnReturned(1);
    }

    internal override void Release(long first, int count) => Release(first);

    ~RetainedLeases()
    {
        if (!_owners.IsAllocated)
            return;
        // Releasing wakes producers: not on the finalizer's thread. Nobody else can reach this any more, so nothing is locked.
        ThreadPool.UnsafeQueueUserWorkItem(static dropped => dropped.Reclaim(), this, preferLocal: false);
    }

    private void Reclaim()
    {
        foreach (var entry in _entries)
            entry.Owner?.Release(entry.Word);
        FlowEventSource.Log.Leaked(Channel.Name, _held, 0);
        _owners.Free();
    }

    private (LeaseOwner Owner, long Word) Get(long lease)
    {
        lock (_lock)
            if (Find(lease) is { Owner: { } owner } entry)
                return (owner, entry.Word);
        ThrowEnded(lease);
        return default;
    }

    private Entry? Find(long lease)
    {
        var index = (int)(lease & IndexMask);
        return index < _used && _entries[index].Generation == lease >>> IndexBits ? _entries[index] : null;
    }

    private int TakeEntry()
    {
        if (_free != None)
        {
            var index = _free;
            _free = _entries[index].NextFree;
            return index;
        }
        if (_used == _entries.Length)
            Array.Resize(ref _entries, Math.Max(8, 2 * _used));
        return _used++;
    }

    private struct Entry
    {
        /// <summary>Null when it was returned, by its holder or by the unsubscribe.</summary>
        public LeaseOwner? Owner;
        public long Word;
        public long Generation;
        public int NextFree;
        public bool IsOut;
    }
}

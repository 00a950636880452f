using System.Buffers;
using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Psyne.Flow.Slots;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>
/// One consumer of a pooled broadcast: it adds its own share to the slot, so that its leases outlive its place in the
/// ring. Where slow consumers may lose messages it doesn't gate, and finds out by the slot's generation what it missed.
/// </summary>
internal sealed unsafe class PooledBroadcastReader : IReaderCore
{
    private readonly ChannelCore _channel;
    private readonly SlotPool _pool;
    private readonly BroadcastPositions<HardwareAtomics> _positions;
    private readonly ReaderTable<HardwareAtomics> _table;
    private readonly WaitGate<HardwareAtomics> _space;
    private readonly bool _lossy;
    private readonly int _line;
    private long _next;
    private long _lagged;

    /// <summary>A message that was taken and didn't fit its batch: the next to be given out.</summary>
    private LeaseOwner? _keptOwner;
    private long _keptLease;

    internal PooledBroadcastReader(ChannelCore channel, SlotPool pool,
        ReaderTable<HardwareAtomics> table, BroadcastReclaimer reclaimer, int line, bool lossy)
    {
        _channel = channel;
        _pool = pool;
        _positions = reclaimer.Positions;
        _table = table;
        _space = channel.Space.Gate;
        _line = line;
        _lossy = lossy;
        _next = table.Join(line, ref *channel.Word(ChannelLayout.TailOffset));
    }

    public long Taken => HardwareAtomics.LoadAcquire(ref _next) - (_keptOwner is null ? 0 : 1);

    public bool HasMessage
    {
        get
        {
            var next = HardwareAtomics.LoadAcquire(ref _next);
            return _keptOwner is not null || _positions.IsPublished(next);
        }
    }

    public long HeldInRing => 0;

    public long Lagged => HardwareAtomics.LoadAcquire(ref _lagged);

    public bool TryTake(out LeaseOwner owner, out long lease, out long position)
    {
        if (_keptOwner is { } kept)
        {
            (owner, lease, position) = (kept, _keptLease, _next - 1);
            _keptOwner = null;
            return true;
        }
        while (true)
        {
            position = _next;
            // A word of a later lap says that this position is gone: it is told from the others below.
            if (!_positions.IsPublished(position))
            {
                owner = _pool;
                lease = 0;
                return false;
            }
            var published = _positions.Handle(position);
            var held = _pool.TryRetain(published, out owner, out lease);
            if (held && (!_lossy || _positions.Reclaimed <= position))
                break;
            // Reclaimed under way: what was retained may be another message's slot.
            if (held)
                owner.Release(lease);
            SkipTo(_positions.Reclaimed);
        }
        Advance(position + 1);
        if (_space.IsIdle || !_channel.IsDisposed)
            return true;
        owner.Release(lease);
        return false;
    }

    private void SkipTo(long reclaimed)
    {
        if (reclaimed <= _next)
            return;
        HardwareAtomics.StoreRelease(ref _lagged, _lagged + (reclaimed - _next));
        Advance(reclaimed);
    }

    private void Advance(long next)
    {
        HardwareAtomics.StoreRelease(ref _next, next);
        HardwareAtomics.StoreRelease(ref _table.Line(_line), next); // SYNC: slot-release (store)
        if (!_space.IsIdle)
            _channel.OnReleased(_channel.Space);
    }

    public int TryTakeMany(int most, out LeaseOwner owner, out long first, out long[]? handles)
    {
        handles = null;
        first = 0;
        owner = _pool;
        var count = 0;
        while (count < most && TryTake(out var slot, out var lease, out _))
        {
            if (slot == _pool)
            {
                if (handles is null)
                {
                    most = Math.Min(most, _pool.Slots);
                    handles = ArrayPool<long>.Shared.Rent(most);
                    first = lease;
                }
                handles[count++] = lease;
                continue;
            }
            // A lease through an overflow record has another owner: a batch of its own, this time or the next.
            if (count > 0)
            {
                _keptOwner = slot;
                _keptLease = lease;
                break;
            }
            owner = slot;
            first = lease;
            return 1;
        }
        return count;
    }

    public void Leave()
    {
        if (_keptOwner is { } kept)
        {
            _keptOwner = null;
            kept.Release(_keptLease);
        }
        _table.Leave(_line);
    }
}

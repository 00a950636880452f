using System.Buffers;
using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Psyne.Flow.Slots;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>The one consumer of a pooled channel: the handle leaves the ring at once, and the lease is the pool's.</summary>
internal sealed unsafe class PooledSequentialReader(ChannelCore channel, SlotPool pool, RingSlots<long> ring) : IReaderCore
{
    private readonly WaitGate<HardwareAtomics> _space = channel.Space.Gate;
    private readonly bool _oneProducer = channel.Mode.HasOneProducer();
    private SequentialConsumer<long, HardwareAtomics> _consumer = new(ring, channel.Word(ChannelLayout.GatingOffset));

    public long Taken => _consumer.Taken;

    public bool HasMessage => _consumer.HasMessage;

    public long HeldInRing => 0;

    public long Lagged => 0;

    public bool TryTake(out LeaseOwner owner, out long lease, out long position)
    {
        owner = pool;
        if (!_consumer.TryTake(out position))
        {
            lease = 0;
            return false;
        }
        lease = _consumer.Slots.Value(position);
        _consumer.ReleaseNext(position, 1);
        if (_space.IsIdle || !channel.IsDisposed)
            return true;
        pool.TryRelease(lease);
        return false;
    }

    public int TryTakeMany(int most, out LeaseOwner owner, out long first, out long[]? handles)
    {
        owner = pool;
        handles = null;
        var count = _consumer.TryTakeMany(most, _oneProducer, out first);
        if (count == 0)
            return 0;
        handles = ArrayPool<long>.Shared.Rent(count);
        for (var i = 0; i < count; i++)
            handles[i] = _consumer.Slots.Value(first + i);
        _consumer.ReleaseNext(first, count);
        first = handles[0];
        if (_space.IsIdle || !channel.IsDisposed)
            return count;
        for (var i = 0; i < count; i++)
            pool.TryRelease(handles[i]);
        ArrayPool<long>.Shared.Return(handles);
        handles = null;
        return 0;
    }

    public void Leave() { }
}

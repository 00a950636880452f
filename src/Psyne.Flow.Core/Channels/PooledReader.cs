using System.Buffers;
using Psyne.Flow.Atomics;
using Psyne.Flow.Slots;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>Consumers of a pooled channel that isn't a broadcast: the handle leaves the ring at once, and the lease is the pool's.</summary>
internal sealed unsafe class PooledReader<TConsumer>(ChannelCore channel, SlotPool pool, TConsumer consumer) : IReaderCore
    where TConsumer : struct, IHandleConsumer
{
    private readonly WaitGate<HardwareAtomics> _space = channel.Space.Gate;
#pragma warning disable IDE0044 // taking changes the struct: a readonly field would be copied first
    private TConsumer _consumer = consumer;
#pragma warning restore IDE0044

    public long Taken => _consumer.Taken;

    public bool HasMessage => _consumer.HasMessage;

    public long HeldInRing => 0;

    public long Lagged => 0;

    public bool TryTake(out LeaseOwner owner, out long lease, out long position)
    {
        owner = pool;
        if (!_consumer.TryTake(out lease, out position))
            return false;
        if (_space.IsIdle || !channel.IsDisposed)
            return true;
        pool.TryRelease(lease);
        return false;
    }

    public int TryTakeMany(int most, out LeaseOwner owner, out long first, out long[]? handles)
    {
        owner = pool;
        handles = null;
        var count = _consumer.TryTakeMany(most, out first);
        if (count == 0)
            return 0;
        handles = ArrayPool<long>.Shared.Rent(count);
        _consumer.MoveOut(first, handles.AsSpan(0, count));
        first = handles[0];
        if (_space.IsIdle || !channel.IsDisposed)
            return count;
        for (var i = 0; i < count; i++)
            pool.TryRelease(handles[i]);
        ArrayPool<long>.Shared.Return(handles);
        handles = null;
        return 0;
    }

    /// <summary>Takes the message that waited longest away from the consumers and reports it as dropped.</summary>
    internal bool DropOldest()
    {
        if (!TryTake(out _, out var lease, out _))
            return false;
        try
        {
            channel.OnDropped(pool.At(lease), DropReason.Oldest);
        }
        finally
        {
            pool.TryRelease(lease);
        }
        return true;
    }

    public void Leave() { }
}

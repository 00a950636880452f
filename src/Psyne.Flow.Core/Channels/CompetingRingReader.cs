using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>The consumers of a ring that compete for its messages, or for those of a lane. Their leases are positions.</summary>
internal sealed unsafe class CompetingRingReader<T> : LeaseOwner, IReaderCore where T : unmanaged
{
    private readonly WaitGate<HardwareAtomics> _space;
    private readonly WaitHub _room;
    private readonly long* _gating;
    private readonly CompetingConsumer<T, HardwareAtomics> _consumer;

    internal CompetingRingReader(ChannelCore channel, RingSlots<T> slots, RingWords words) : base(channel)
    {
        _room = words.Space;
        _space = _room.Gate;
        _gating = words.Gating;
        _consumer = new CompetingConsumer<T, HardwareAtomics>(slots, words.Head);
    }

    public long Taken => _consumer.Taken;

    public long Lagged => 0;

    public bool HasMessage => _consumer.HasMessage;

    public long HeldInRing
    {
        get
        {
            var held = 0L;
            for (var position = *_gating; position < Taken; position++)
                if (_consumer.IsHeld(position))
                    held++;
            return held;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(out long position) =>
        _consumer.TryTake(out position) && (_space.IsIdle || StaysTaken(position, 1));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool StaysTaken(long position, int count)
    {
        if (!Channel.IsDisposed)
            return true;
        for (var i = 0; i < count; i++)
            _consumer.Release(position + i);
        Channel.OnReleased(_room);
        return false;
    }

    public bool TryTake(out LeaseOwner owner, out long lease, out long position)
    {
        owner = this;
        var taken = TryTake(out lease);
        position = lease;
        return taken;
    }

    public int TryTakeMany(int most, out LeaseOwner owner, out long first, out long[]? handles)
    {
        owner = this;
        handles = null;
        var count = _consumer.TryTakeMany(most, out first);
        return count == 0 || _space.IsIdle || StaysTaken(first, count) ? count : 0;
    }

    public void Leave() { }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override bool IsHeld(long lease) => _consumer.IsHeld(lease);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override byte* Resolve(long lease)
    {
        if (!_consumer.IsHeld(lease))
            ThrowEnded(lease);
        return (byte*)Unsafe.AsPointer(ref _consumer.Slots.Value(lease));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override void Release(long lease)
    {
        if (!_consumer.Release(lease))
            ThrowEnded(lease);
        if (!_space.IsIdle)
            Channel.OnReleased(_room);
    }

    internal override void Release(long first, int count)
    {
        for (var i = 0; i < count; i++)
            if (!_consumer.Release(first + i))
                ThrowEnded(first + i);
        if (!_space.IsIdle)
            Channel.OnReleased(_room);
    }

    internal override LeaseOwner Retain(long lease, out long retained)
    {
        var side = Channel.Side;
        retained = side.Copy(Channel, Resolve(lease));
        return side.Pool;
    }
}

using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>The consumer of a ring that sees every message: the only one, that of a lane, or one of a broadcast's. Its leases are positions.</summary>
internal sealed unsafe class SequentialRingReader<T> : LeaseOwner, IReaderCore where T : unmanaged
{
    private readonly WaitGate<HardwareAtomics> _space;
    private readonly WaitHub _room;
    private readonly bool _oneProducer;
    private readonly ReaderTable<HardwareAtomics> _table;
    private readonly int _line;
    internal SequentialConsumer<T, HardwareAtomics> Consumer;

    internal SequentialRingReader(ChannelCore channel, RingSlots<T> slots, RingWords words) : base(channel)
    {
        _room = words.Space;
        _space = _room.Gate;
        _oneProducer = channel.Mode.HasOneProducer() || channel.Layout.Lanes > 0;
        _line = -1;
        Consumer = new SequentialConsumer<T, HardwareAtomics>(slots, words.Gating, inRuns: channel.Layout.Lanes > 0);
    }

    /// <summary>A consumer of a broadcast, from the present end on.</summary>
    internal SequentialRingReader(ChannelCore channel, RingSlots<T> slots, ReaderTable<HardwareAtomics> table, int line) : base(channel)
    {
        _room = channel.Space;
        _space = _room.Gate;
        _table = table;
        _line = line;
        Consumer = new SequentialConsumer<T, HardwareAtomics>(slots, (long*)Unsafe.AsPointer(ref table.Line(line)));
        Consumer.StartAt(table.Join(line, ref *channel.Word(ChannelLayout.TailOffset)));
    }

    public long Taken => Consumer.Taken;

    public long Lagged => 0;

    public bool HasMessage => Consumer.HasMessage;

    public long HeldInRing => Consumer.Held;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(out long position)
    {
        if (!Consumer.TryTake(out position))
            return false;
        // After Taken was moved: who disposes the channel sees it moved, or is seen here.
        return _space.IsIdle || StaysTaken(position);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool StaysTaken(long position)
    {
        if (!Channel.IsDisposed)
            return true;
        Consumer.Untake(position);
        Channel.OnReleased(_room); // who disposes the channel may have seen it taken
        return false;
    }

    /// <summary>After a look that found nothing: pauses when that promises a batch (<see cref="TrafficGauge"/>). True when there is something now.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool CatchUp()
    {
        if (!_space.IsIdle)
            Channel.TryFinish();
        return Consumer.Cursor.Traffic.Pause(Consumer.Cursor.Taken) && Consumer.HasMessage;
    }

    public bool TryTake(out LeaseOwner owner, out long lease, out long position)
    {
        owner = this;
        var taken = TryTake(out lease);
        position = lease;
        return taken;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int TryTakeMany(int most, out long first)
    {
        var count = Consumer.TryTakeMany(most, _oneProducer, out first);
        return count == 0 || _space.IsIdle || StaysTaken(first) ? count : 0;
    }

    public int TryTakeMany(int most, out LeaseOwner owner, out long first, out long[]? handles)
    {
        owner = this;
        handles = null;
        return TryTakeMany(most, out first);
    }

    public void Leave()
    {
        if (_line >= 0)
            _table.Leave(_line);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override bool IsHeld(long lease) => Consumer.IsHeld(lease);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override byte* Resolve(long lease)
    {
        if (!Consumer.IsHeld(lease))
            ThrowEnded(lease);
        return (byte*)Unsafe.AsPointer(ref Consumer.Slots.Value(lease));
    }

    /// <summary>The release of the fast path: false, and nothing changed, when the position isn't the next in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool ReleaseNext(long position, int count) =>
        Consumer.ReleaseNext(position, count) && (_space.IsIdle || Signal());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Signal()
    {
        Channel.OnReleased(_room);
        return true;
    }

    internal override void Release(long lease) => Release(lease, 1);

    internal override void Release(long first, int count)
    {
        if (!Consumer.Release(first, count))
            ThrowEnded(first);
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

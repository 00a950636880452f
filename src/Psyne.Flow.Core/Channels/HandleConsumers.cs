using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;

namespace Psyne.Flow.Channels;

/// <summary>The one consumer of a handle ring.</summary>
internal struct SequentialHandles(SequentialConsumer<long, HardwareAtomics> consumer, bool oneProducer) : IHandleConsumer
{
    private SequentialConsumer<long, HardwareAtomics> _consumer = consumer;

    public readonly long Taken => _consumer.Taken;

    public readonly bool HasMessage => _consumer.HasMessage;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out long lease, out long position)
    {
        if (!_consumer.TryTake(out position))
        {
            lease = 0;
            return false;
        }
        lease = _consumer.Slots.Value(position);
        _consumer.ReleaseNext(position, 1);
        return true;
    }

    public int TryTakeMany(int most, out long position) => _consumer.TryTakeMany(most, oneProducer, out position);

    public void MoveOut(long position, Span<long> leases)
    {
        for (var i = 0; i < leases.Length; i++)
            leases[i] = _consumer.Slots.Value(position + i);
        _consumer.ReleaseNext(position, leases.Length);
    }
}

/// <summary>Consumers of a handle ring that compete.</summary>
internal readonly struct CompetingHandles(CompetingConsumer<long, HardwareAtomics> consumer) : IHandleConsumer
{
    public long Taken => consumer.Taken;

    public bool HasMessage => consumer.HasMessage;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out long lease, out long position)
    {
        if (!consumer.TryTake(out position))
        {
            lease = 0;
            return false;
        }
        lease = consumer.Slots.Value(position);
        consumer.Release(position);
        return true;
    }

    public int TryTakeMany(int most, out long position) => consumer.TryTakeMany(most, out position);

    public void MoveOut(long position, Span<long> leases)
    {
        for (var i = 0; i < leases.Length; i++)
        {
            leases[i] = consumer.Slots.Value(position + i);
            consumer.Release(position + i);
        }
    }
}

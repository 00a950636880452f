using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Rings;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>One producer, whose claim stands in the slot's word, and one consumer.</summary>
internal sealed unsafe class PairedChannel<TAtomics> : ClosingChannel<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly RingMemory<TAtomics> _ring;
    private readonly PairedProducer<long, TAtomics>* _producer;
    private readonly Pinned<SequentialConsumer<long, TAtomics>> _consumer;
    private int _batched;

    public PairedChannel(ModelMemory memory, Pinned<SequentialConsumer<long, TAtomics>> consumer, int slots, int capacity) : base(memory)
    {
        _ring = new RingMemory<TAtomics>(memory, slots);
        _producer = memory.Array<PairedProducer<long, TAtomics>>(1, "claims");
        *_producer = new(_ring.Slots, _ring.SequenceRoom, capacity);
        _producer->Pace(thick: true);
        _consumer = consumer;
        _consumer.Value = _ring.SequentialConsumer;
    }

    /// <summary>Seeded bug: a claim that finds the gate closed goes and tells nobody.</summary>
    public bool LateClaimTellsNobody { get; init; }

    protected override int OpenClaims => _producer->OpenClaims;

    protected override long Published => _producer->Published;

    protected override long Taken => _consumer.Value.Taken;

    protected override bool HasRoom => _producer->HasRoom(1);

    protected override bool HasMessage => _consumer.Value.HasMessage;

    public void Pace(bool thick) => _producer->Pace(thick);

    /// <summary>Claims a batch once and publishes all of it, or aborts.</summary>
    public void TryProduceBatch(int size, bool aborts = false)
    {
        var slot = Begin(size, out var ticket, out _);
        if (slot == null)
        {
            return;
        }

        if (aborts)
        {
            if (_producer->Abort(slot, Items))
            {
                OnPublished();
            }

            return;
        }

        for (var i = 0; i < size; i++)
        {
            Count();
            TAtomics.StorePlain(ref Value(slot + i * RingSlots<long>.Stride), 50 + _batched++);
        }

        End(slot, ticket, size);
    }

    protected override bool TryClaim(int producer, out long ticket, out bool closed) => Begin(1, out ticket, out closed) != null;

    protected override void Publish(int producer, long ticket, long message)
    {
        var slot = _producer->SlotOf(ticket);
        TAtomics.StorePlain(ref Value(slot), message);
        End(slot, ticket, 1);
    }

    protected override bool TryTake(out long message, out long lease)
    {
        var taken = _consumer.Value.TryTake(out lease);
        message = taken ? _ring.Read(lease) : 0;
        return taken;
    }

    protected override void Release(long lease)
    {
        _consumer.Value.ReleaseNext(lease, 1);
        if (!Space.IsIdle)
        {
            OnReleased();
        }
    }

    /// <remarks>As SlabWriter.TryClaim: the fast path, then the slow one.</remarks>
    private byte* Begin(int count, out long ticket, out bool closed)
    {
        closed = false;
        var slot = _producer->TryBegin(count, Items, out ticket);
        if (slot != null)
        {
            return slot;
        }

        slot = _producer->TryBegin(count, Items, out ticket, out var tells);
        if (slot != null)
        {
            return slot;
        }

        if (tells && !LateClaimTellsNobody)
        {
            OnPublished();
        }

        closed = Items.IsClosed;
        return null;
    }

    private void End(byte* slot, long ticket, int count)
    {
        if (_producer->Publish(slot, ticket, count, Items))
        {
            OnPublished();
        }
    }

    private static ref long Value(byte* slot) => ref *(long*)(slot + RingSlots<long>.ValueOffset);
}

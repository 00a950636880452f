using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Rings;
using Psyne.Flow.Waiting;
using Xunit;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>
/// A lane whose end is closed while another thread publishes its last claim, and the next producer, who waits for the
/// lane: as SpscRingWriter.Arrive and ChannelCore.Lanes do it, whose lock is a compare-and-swap here.
/// </summary>
internal sealed unsafe class LaneTenancy<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly RingMemory<TAtomics> _ring;
    private readonly PairedProducer<long, TAtomics>* _producer;
    private readonly Pinned<SequentialConsumer<long, TAtomics>> _consumer;
    private readonly WaitGate<TAtomics> _items;
    private readonly long* _travels;
    private readonly long* _leaving;
    private readonly long* _free;
    private readonly long _ticket;

    public LaneTenancy(ModelMemory memory, Pinned<SequentialConsumer<long, TAtomics>> consumer)
    {
        _ring = new RingMemory<TAtomics>(memory, 4);
        _items = new WaitGate<TAtomics>(memory.Bytes(WaitGate<TAtomics>.Size, "items gate"));
        _producer = memory.Array<PairedProducer<long, TAtomics>>(1, "claims");
        *_producer = new(_ring.Slots, _ring.SequenceRoom, 4);
        _travels = memory.Longs(1, "travels");
        _leaving = memory.Longs(1, "leaving");
        _free = memory.Longs(1, "free");
        _consumer = consumer;
        _consumer.Value = _ring.SequentialConsumer;
        Assert.True(_producer->TryBegin(1, _items, out _ticket, out _) != null);
        TAtomics.StoreRelease(ref *_travels, 1);
    }

    /// <summary>Seeded bug: the lane is free as soon as the claim shows as ended.</summary>
    public bool SettlesWithTheClaim { get; init; }

    /// <summary>Seeded bug: the last step of a claim's end tells nobody.</summary>
    public bool ArrivesUntold { get; init; }

    private bool IsSettled => (SettlesWithTheClaim || TAtomics.LoadAcquire(ref *_travels) == 0) && _producer->OpenClaims == 0;

    public void EndClaim()
    {
        var slot = _producer->SlotOf(_ticket);
        Publish(slot, _ticket, 1);
        TAtomics.StoreRelease(ref *_travels, 0);
        if (!ArrivesUntold && !_items.IsIdle)
        {
            OnPublished();
        }
    }

    public void CloseEnd()
    {
        if (IsSettled)
        {
            TAtomics.StoreRelease(ref *_free, 1);
            return;
        }

        TAtomics.StoreRelease(ref *_leaving, 1);
        _items.Enter();
        EndTenancy();
    }

    /// <summary>The next producer: waits until the lane is free, and publishes.</summary>
    public void Follow()
    {
        while (TAtomics.LoadAcquire(ref *_free) == 0)
        {
            TAtomics.Pause();
        }

        var slot = _producer->TryBegin(1, _items, out var ticket);
        if (slot == null)
        {
            slot = _producer->TryBegin(1, _items, out ticket, out _);
        }

        Publish(slot, ticket, 2);
    }

    public void CheckBothArrived()
    {
        Assert.Equal(2, _producer->Published);
        for (var message = 1; message <= 2; message++)
        {
            Assert.True(_consumer.Value.TryTake(out var position));
            Assert.Equal(message, _ring.Read(position));
        }
    }

    private void Publish(byte* slot, long ticket, long message)
    {
        TAtomics.StorePlain(ref *(long*)(slot + RingSlots<long>.ValueOffset), message);
        if (_producer->Publish(slot, ticket, 1, _items))
        {
            OnPublished();
        }
    }

    private void OnPublished()
    {
        if (TAtomics.LoadAcquire(ref *_leaving) != 0)
        {
            EndTenancy();
        }
    }

    private void EndTenancy()
    {
        if (TAtomics.LoadAcquire(ref *_leaving) != 0 && IsSettled && TAtomics.CompareExchange(ref *_leaving, 0, 1) == 1)
        {
            TAtomics.StoreRelease(ref *_free, 1);
            _items.Leave();
        }
    }
}

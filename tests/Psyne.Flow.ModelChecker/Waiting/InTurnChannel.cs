using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.ModelChecking.Slots;
using Psyne.Flow.Rings;
using Psyne.Flow.Slots;
using Xunit;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>
/// Pooled slots with one producer, who takes them in turn, and one consumer. The steps of PooledWriter with a
/// SingleHandleRing, and of PooledReader; slots, magazine, ring and gates are the library's own source.
/// </summary>
internal sealed unsafe class InTurnChannel<TAtomics> : ClosingChannel<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly RingMemory<TAtomics> _ring;
    private readonly SlotTable<TAtomics, TwoBitGenerations> _table;
    private readonly SlotMagazine<TAtomics, TwoBitGenerations> _magazine;
    private readonly long* _payloads;
    private readonly SingleProducer<long, TAtomics, SequenceRoom<TAtomics>>* _producer;
    private readonly Pinned<SequentialConsumer<long, TAtomics>> _consumer;
    private long _claim;

    public InTurnChannel(ModelMemory memory, Pinned<SequentialConsumer<long, TAtomics>> consumer, int slots, int spread) : base(memory)
    {
        _ring = new RingMemory<TAtomics>(memory, 2);
        var table = memory.Bytes((int)SlotTable<TAtomics, TwoBitGenerations>.SizeFor(slots), "slots");
        _table = new(table, slots);
        _magazine = new(table, slots, spread);
        memory.Name(ref *(long*)table, "free list");
        memory.Name(ref _magazine.Turn, "magazine, turn");
        memory.Name(ref _magazine.Reserve, "magazine, reserve");
        memory.Name(ref _magazine.Publishing, "magazine, publishing");
        _payloads = memory.Longs(slots, "payloads");
        _producer = memory.Array<SingleProducer<long, TAtomics, SequenceRoom<TAtomics>>>(1, "producer");
        *_producer = new(_ring.Slots, _ring.SequenceRoom, capacity: 2);
        _consumer = consumer;
        _consumer.Value = _ring.SequentialConsumer;
    }

    /// <summary>Seeded bug: nothing shows a lease that is on its way to the ring.</summary>
    public bool PublishesUnseen { get; init; }

    /// <summary>Seeded bug: the magazine is asked before the words.</summary>
    public bool AsksTheMagazineFirst { get; init; }

    /// <summary>Seeded bug: a publish that is refused takes back what it showed.</summary>
    public bool RefusalTakesBack { get; init; }

    protected override int OpenClaims
    {
        get
        {
            var first = AsksTheMagazineFirst && _magazine.IsPublishing;
            var claimed = _table.CountHeld().Claimed;
            var publishing = AsksTheMagazineFirst ? first : claimed == 0 && _magazine.IsPublishing;
            return claimed == 0 && publishing ? 1 : claimed;
        }
    }

    protected override long Published => _producer->Published;

    protected override long Taken => _consumer.Value.Taken;

    protected override bool HasRoom => _magazine.HasFree;

    protected override bool HasMessage => _consumer.Value.HasMessage;

    /// <summary>Opens a claim of which two threads have copies.</summary>
    public InTurnChannel<TAtomics> WithClaim()
    {
        Assert.True(TryClaim(0, out _claim, out _));
        TAtomics.StorePlain(ref _payloads[SlotWord.Index(_claim)], 0L);
        return this;
    }

    public void PublishCopy() => TryPublish(_claim);

    public void AbortCopy() => Abort(_claim);

    protected override bool TryClaim(int producer, out long ticket, out bool closed)
    {
        if (!_magazine.TryClaim(out ticket))
        {
            closed = Items.IsClosed;
            return false;
        }

        closed = Items.IsClosed;
        if (closed)
        {
            Abort(ticket);
        }

        return !closed;
    }

    protected override void Publish(int producer, long ticket, long message)
    {
        TAtomics.StorePlain(ref _payloads[SlotWord.Index(ticket)], message);
        Uncount();
        TryPublish(ticket);
    }

    protected override bool TryTake(out long message, out long lease)
    {
        message = 0;
        lease = 0;
        if (!_consumer.Value.TryTake(out var position))
        {
            return false;
        }

        lease = _ring.Read(position);
        _consumer.Value.ReleaseNext(position, 1);
        message = TAtomics.LoadPlain(ref _payloads[SlotWord.Index(lease)]);
        return true;
    }

    protected override void Release(long lease)
    {
        Assert.True(_table.Release(lease));
        if (!Space.IsIdle)
        {
            OnReleased();
        }
    }

    private void TryPublish(long claim)
    {
        if (!(PublishesUnseen ? _table.TryTurnIntoLease(claim, out var lease) : _magazine.TryPublish(claim, out lease)))
        {
            if (RefusalTakesBack)
            {
                _magazine.EndPublish();
            }

            return;
        }

        Count();
        Assert.True(_producer->HasRoom(1));
        TAtomics.StorePlain(ref _producer->Next, lease);
        _producer->Publish();
        _magazine.EndPublish();
        if (!Items.IsIdle)
        {
            OnPublished();
        }
    }

    private void Abort(long claim)
    {
        if (_table.Release(claim, out var freed) && freed && !Space.IsIdle)
        {
            OnReleased();
        }
    }
}

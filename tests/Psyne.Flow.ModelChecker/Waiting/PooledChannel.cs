using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.ModelChecking.Slots;
using Psyne.Flow.Rings;
using Psyne.Flow.Slots;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>
/// Pooled slots, whose handles go through a ring: several producers, competing consumers. The steps of PooledWriter and
/// PooledReader; slots, ring and gates are the library's own source.
/// </summary>
internal sealed unsafe class PooledChannel<TAtomics> : ClosingChannel<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly RingMemory<TAtomics> _ring;
    private readonly SlotTable<TAtomics, TwoBitGenerations> _table;
    private readonly long* _payloads;
    private long _batch;
    private readonly MultiProducer<long, TAtomics, CompetingRoom<long, TAtomics>> _producer;
    private readonly CompetingConsumer<long, TAtomics> _consumer;

    public PooledChannel(ModelMemory memory, int slots, int consumers = 1) : base(memory, consumers)
    {
        _ring = new RingMemory<TAtomics>(memory, 2);
        _table = new(memory.Bytes((int)SlotTable<TAtomics, TwoBitGenerations>.SizeFor(slots), "slots"), slots);
        _payloads = memory.Longs(slots, "payloads");
        _producer = _ring.MultiProducer(_ring.CompetingRoom, capacity: 2);
        _consumer = _ring.CompetingConsumer;
    }

    /// <summary>Seeded bug: the end of a claim's own share frees a slot and tells nobody.</summary>
    public bool ClaimEndsUntold { get; init; }

    /// <summary>Seeded bug: the claim's share ends before its lease is in the ring.</summary>
    public bool ClaimEndsEarly { get; init; }

    /// <summary>Seeded bug: the further slots of a batch are taken without a look at the gate.</summary>
    public bool BatchIgnoresGate { get; init; }

    protected override int OpenClaims => _table.CountHeld().Claimed;

    protected override long Published => _producer.Published;

    protected override long Taken => _consumer.Taken;

    protected override bool HasRoom => _table.HasFree;

    protected override bool HasMessage => _consumer.HasMessage;

    /// <summary>The free list hands out the second slot, then the first.</summary>
    public void LeaveFirstSlotLast()
    {
        _table.TryClaim(out var first);
        _table.TryClaim(out var second);
        _table.Release(first);
        _table.Release(second);
    }

    /// <summary>Opens a batch claim: its first slot is taken before the channel closes.</summary>
    public void BeginBatch()
    {
        TryClaim(0, out _batch, out _);
        Count();
    }

    /// <summary>Takes a second slot where there is one, and publishes the batch.</summary>
    public void EndBatch()
    {
        const int producer = 0;
        var first = _batch;
        var both = BatchIgnoresGate ? _table.TryClaim(out var second) : TryClaim(producer, out second, out _);
        if (both)
        {
            Count();
        }

        Publish(producer, first, 100 * producer);
        if (both)
        {
            Publish(producer, second, 100 * producer + 1);
        }
    }

    protected override bool TryClaim(int producer, out long ticket, out bool closed)
    {
        if (!_table.TryClaim(out ticket))
        {
            closed = Items.IsClosed;
            return false;
        }

        closed = Items.IsClosed;
        if (!closed)
        {
            return true;
        }

        _table.Release(ticket);
        if (!Space.IsIdle)
        {
            OnReleased();
        }

        return false;
    }

    protected override void Publish(int producer, long ticket, long message)
    {
        TAtomics.StorePlain(ref _payloads[SlotWord.Index(ticket)], message);
        _table.TryPublish(ticket, out var lease);
        if (ClaimEndsEarly)
        {
            _table.Release(ticket);
        }

        _producer.Publish(lease);
        var freed = !ClaimEndsEarly && EndClaim(ticket);
        if (freed && !ClaimEndsUntold && !Space.IsIdle)
        {
            OnReleased();
        }

        if (!Items.IsIdle)
        {
            OnPublished();
        }
    }

    protected override bool TryTake(out long message, out long lease)
    {
        message = 0;
        lease = 0;
        if (!_consumer.TryTake(out var position))
        {
            return false;
        }

        lease = _ring.Read(position);
        _consumer.Release(position);
        message = TAtomics.LoadPlain(ref _payloads[SlotWord.Index(lease)]);
        return true;
    }

    protected override void Release(long lease)
    {
        if (_table.Release(lease) && !Space.IsIdle)
        {
            OnReleased();
        }
    }

    private bool EndClaim(long ticket) => _table.Release(ticket, out var freed) && freed;
}

using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Rings;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>One producer, whose claim is a ticket, and one consumer: a ring of two slots.</summary>
internal sealed unsafe class TicketChannel<TAtomics> : ClosingChannel<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly RingMemory<TAtomics> _ring;
    private readonly SingleProducer<long, TAtomics, SequenceRoom<TAtomics>>* _producer;
    private readonly Pinned<SequentialConsumer<long, TAtomics>> _consumer;

    public TicketChannel(ModelMemory memory, Pinned<SequentialConsumer<long, TAtomics>> consumer, int capacity) : base(memory)
    {
        _ring = new RingMemory<TAtomics>(memory, 2);
        _producer = memory.Array<SingleProducer<long, TAtomics, SequenceRoom<TAtomics>>>(1, "claims");
        *_producer = new(_ring.Slots, _ring.SequenceRoom, capacity);
        _consumer = consumer;
        _consumer.Value = _ring.SequentialConsumer;
    }

    protected override int OpenClaims => _producer->OpenClaims;

    protected override long Published => _producer->Published;

    protected override long Taken => _consumer.Value.Taken;

    protected override bool HasRoom => _producer->HasRoom(1);

    protected override bool HasMessage => _consumer.Value.HasMessage;

    /// <remarks>As SingleRingWriter.Begin.</remarks>
    protected override bool TryClaim(int producer, out long ticket, out bool closed)
    {
        if (_producer->Begin(1, Items, out ticket, out closed))
        {
            return true;
        }

        var tells = _producer->End(ticket, Items);
        if (TellsNobodyWhenFull ? closed : tells)
        {
            OnPublished();
        }

        return false;
    }

    protected override void Publish(int producer, long ticket, long message)
    {
        TAtomics.StorePlain(ref _producer->Next, message);
        _producer->Publish();
        if (_producer->End(ticket, Items))
        {
            OnPublished();
        }
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
}

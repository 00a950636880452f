using Psyne.Flow.Atomics;
using Psyne.Flow.Channels;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Rings;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>Two producers with a cell each, and two shared ones.</summary>
internal readonly struct FourCells : IStagingCells
{
    public static int Homes => 2;

    public static int Cells => 4;
}

/// <summary>Several producers, whose claims are cells of a staging area, and one consumer: a ring of four slots for one message.</summary>
internal sealed unsafe class StagedChannel<TAtomics> : ClosingChannel<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly RingMemory<TAtomics> _ring;
    private readonly StagedProducer<long, TAtomics, SequenceRoom<TAtomics>, FourCells> _claims;
    private readonly Pinned<SequentialConsumer<long, TAtomics>> _consumer;

    public StagedChannel(ModelMemory memory, Pinned<SequentialConsumer<long, TAtomics>> consumer) : base(memory)
    {
        _ring = new RingMemory<TAtomics>(memory, 4);
        var cells = memory.Bytes((int)StagingArea<TAtomics, FourCells>.SizeFor(sizeof(long)), "claims");
        _claims = new(_ring.MultiProducer(_ring.SequenceRoom, capacity: 1), new(cells, sizeof(long)), Items);
        _consumer = consumer;
        _consumer.Value = _ring.SequentialConsumer;
    }

    /// <summary>Claims come from the shared cells.</summary>
    public bool Travels { get; init; }

    protected override int OpenClaims => _claims.Staging.CountOpen();

    protected override long Published => _claims.Ring.Published;

    protected override long Taken => _consumer.Value.Taken;

    protected override bool HasRoom => _claims.Ring.HasRoom(1);

    protected override bool HasMessage => _consumer.Value.HasMessage;

    /// <summary>Claims, fills the cell, and is never heard of again.</summary>
    public void ClaimAndStop(int producer)
    {
        if (TryClaim(producer, out var ticket, out _))
        {
            TAtomics.StorePlain(ref *(long*)_claims.Staging.Values(ticket), 999L);
        }
    }

    /// <summary>Publishes through the ring alone, so that a crash may fall inside.</summary>
    public void PublishToRing() => _claims.Ring.Publish(0);

    protected override bool TryClaim(int producer, out long ticket, out bool closed)
    {
        if (_claims.TryBegin(Travels ? -1 : producer, out ticket, out closed))
        {
            return true;
        }

        if (ticket != 0)
        {
            End(ticket);
        }

        return false;
    }

    protected override void Publish(int producer, long ticket, long message)
    {
        TAtomics.StorePlain(ref *(long*)_claims.Staging.Values(ticket), message);
        _claims.Publish(ticket);
        End(ticket);
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

    private void End(long ticket)
    {
        if (_claims.End(ticket))
        {
            OnPublished();
        }
    }
}

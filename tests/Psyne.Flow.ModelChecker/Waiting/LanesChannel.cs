using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Rings;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>
/// Two lanes, each a ring with one producer and a gate of its own for room, and one consumer that turns between them and
/// parks at the one gate for messages: as SequentialLanesReader, SpscRingWriter and ChannelCore's sums do it.
/// </summary>
internal sealed unsafe class LanesChannel<TAtomics> : ClosingChannel<TAtomics>
    where TAtomics : struct, IAtomics
{
    private const int Lanes = 2;

    private readonly RingMemory<TAtomics>[] _rings = new RingMemory<TAtomics>[Lanes];
    private readonly PairedProducer<long, TAtomics>* _producers;
    private readonly Pinned<SequentialConsumer<long, TAtomics>>[] _consumers;
    private readonly WaitGate<TAtomics>[] _spaces = new WaitGate<TAtomics>[Lanes];
    private readonly int _turn;
    private int _at;

    public LanesChannel(ModelMemory memory, Pinned<SequentialConsumer<long, TAtomics>>[] consumers, int slots, int capacity, int turn) : base(memory)
    {
        _consumers = consumers;
        _turn = turn;
        _producers = memory.Array<PairedProducer<long, TAtomics>>(Lanes, "claims");
        for (var lane = 0; lane < Lanes; lane++)
        {
            _rings[lane] = new RingMemory<TAtomics>(memory, slots);
            _spaces[lane] = new WaitGate<TAtomics>(memory.Bytes(WaitGate<TAtomics>.Size, "lane's space gate"));
            _producers[lane] = new(_rings[lane].Slots, _rings[lane].SequenceRoom, capacity);
            _producers[lane].Pace(thick: true);
            _consumers[lane].Value = new(_rings[lane].Slots, _rings[lane].Gating, inRuns: true);
        }
    }

    /// <summary>Seeded bug: the consumer sleeps when the lane whose turn it is has nothing.</summary>
    public bool WaitsForOneLane { get; init; }

    /// <summary>Seeded bug: the channel is drained when one lane is.</summary>
    public bool ConcludesFromOneLane { get; init; }

    /// <summary>Seeded bug: a release wakes whoever waits for room in the other lane.</summary>
    public bool WakesTheOtherLane { get; init; }

    /// <summary>Seeded bug: the lanes' gates are closed after the barrier that was to serve them all.</summary>
    public bool ShutsAfterTheBarrier { get; init; }

    private int Looked => ConcludesFromOneLane ? 1 : Lanes;

    protected override int OpenClaims
    {
        get
        {
            var claims = 0;
            for (var lane = 0; lane < Looked; lane++)
            {
                claims += _producers[lane].OpenClaims;
            }

            return claims;
        }
    }

    protected override long Published
    {
        get
        {
            var published = 0L;
            for (var lane = 0; lane < Looked; lane++)
            {
                published += _producers[lane].Published;
            }

            return published;
        }
    }

    protected override long Taken
    {
        get
        {
            var taken = 0L;
            for (var lane = 0; lane < Looked; lane++)
            {
                taken += _consumers[lane].Value.Taken;
            }

            return taken;
        }
    }

    protected override bool HasRoom => throw new NotSupportedException("A lane has room.");

    protected override bool HasMessage => WaitsForOneLane
        ? _consumers[_at].Value.HasMessage
        : _consumers[0].Value.HasMessage || _consumers[1].Value.HasMessage;

    /// <summary>Publishes a batch as one run.</summary>
    public void ProduceRun(int lane, int size)
    {
        var slot = Begin(lane, size, out var ticket, out _);
        for (var i = 0; i < size; i++)
        {
            Count();
            TAtomics.StorePlain(ref *(long*)(slot + i * RingSlots<long>.Stride + RingSlots<long>.ValueOffset), 100 * lane + i);
        }

        if (_producers[lane].Publish(slot, ticket, size, Items))
        {
            OnPublished();
        }
    }

    protected override WaitGate<TAtomics> SpaceOf(int producer) => _spaces[producer];

    protected override bool HasRoomFor(int producer) => _producers[producer].HasRoom(1);

    protected override void CloseSpace()
    {
        if (ShutsAfterTheBarrier)
        {
            Space.Close();
        }

        foreach (var space in _spaces)
        {
            space.Shut();
        }

        Space.Close();
    }

    protected override void WakeSpace()
    {
        Wake(Space);
        foreach (var space in _spaces)
        {
            Wake(space);
        }
    }

    protected override bool TryClaim(int producer, out long ticket, out bool closed) => Begin(producer, 1, out ticket, out closed) != null;

    protected override void Publish(int producer, long ticket, long message)
    {
        var slot = _producers[producer].SlotOf(ticket);
        TAtomics.StorePlain(ref *(long*)(slot + RingSlots<long>.ValueOffset), message);
        if (_producers[producer].Publish(slot, ticket, 1, Items))
        {
            OnPublished();
        }
    }

    /// <remarks>As SequentialLanesReader: what is known of this lane, then the next that has any, this one last.</remarks>
    protected override bool TryTake(out long message, out long lease)
    {
        if (!_consumers[_at].Value.TryTake(out lease))
        {
            var lane = _at;
            do
            {
                lane = (lane + 1) % Lanes;
                if (!_consumers[lane].Value.Look(_turn))
                {
                    continue;
                }

                _at = lane;
                _consumers[lane].Value.TryTake(out lease);
                message = _rings[lane].Read(lease);
                return true;
            }
            while (lane != _at);
            message = 0;
            return false;
        }

        message = _rings[_at].Read(lease);
        return true;
    }

    protected override void Release(long lease)
    {
        _consumers[_at].Value.ReleaseNext(lease, 1);
        if (!_spaces[_at].IsIdle)
        {
            OnReleased(_spaces[WakesTheOtherLane ? 1 - _at : _at]);
        }
    }

    /// <remarks>As SlabWriter.TryClaim: the fast path, then the slow one.</remarks>
    private byte* Begin(int lane, int count, out long ticket, out bool closed)
    {
        closed = false;
        var slot = _producers[lane].TryBegin(count, Items, out ticket);
        if (slot != null)
        {
            return slot;
        }

        slot = _producers[lane].TryBegin(count, Items, out ticket, out var tells);
        if (slot == null)
        {
            if (tells)
            {
                OnPublished();
            }

            closed = Items.IsClosed;
        }

        return slot;
    }
}

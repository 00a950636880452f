using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Rings;
using Psyne.Flow.Slots;
using Xunit;

namespace Psyne.Flow.ModelChecking.Slots;

/// <summary>
/// A pooled broadcast whose readers may lose messages: two slots, a ring of two handles, and message i at position i.
/// The steps of PooledWriter, BroadcastReclaimer and PooledBroadcastReader.
/// </summary>
internal sealed unsafe class LossyBroadcast<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly int _messages;
    private readonly SlotPoolModel<TAtomics> _pool;
    private readonly BroadcastPositions<TAtomics> _positions;
    private readonly MultiProducer<long, TAtomics, SequenceRoom<TAtomics>> _producer;

    public LossyBroadcast(ModelMemory memory, int messages)
    {
        _messages = messages;
        var ring = new RingMemory<TAtomics>(memory, 2);
        var reclaimed = memory.Longs(1, "reclaimed");
        _pool = new SlotPoolModel<TAtomics>(memory, 2);
        _positions = new(ring.Slots, reclaimed);
        _producer = ring.MultiProducer(new SequenceRoom<TAtomics>(reclaimed), capacity: 2);
    }

    /// <summary>Seeded bug: the handle is written as plain data.</summary>
    public bool WritesHandlePlain { get; init; }

    /// <summary>Seeded bug: the reader doesn't look again whether the position was given up.</summary>
    public bool LooksOnce { get; init; }

    /// <summary>Seeded bug: the slot is freed before its position is given up.</summary>
    public bool FreesFirst { get; init; }

    public void Produce()
    {
        for (var i = 0; i < _messages; i++)
        {
            long claim;
            while (!_pool.Table.TryClaim(out claim))
            {
                Drop();
            }

            _pool.Write(claim, i);
            Assert.True(_pool.Table.TryPublish(claim, out var lease));
            Assert.Equal(i, WritesHandlePlain ? _producer.Publish(lease) : _producer.PublishHandle(lease));
            Assert.True(_pool.Table.Release(claim));
        }
    }

    public void Consume()
    {
        for (long next = 0; next < _messages;)
        {
            if (!_positions.IsPublished(next))
            {
                TAtomics.Pause();
                continue;
            }

            var held = _pool.Table.TryRetain(_positions.Handle(next), out var lease, out _);
            if (held && (LooksOnce || _positions.Reclaimed <= next))
            {
                Assert.Equal(next, _pool.Read(lease));
                Assert.True(_pool.Table.Release(lease));
                next++;
                continue;
            }

            if (held)
            {
                Assert.True(_pool.Table.Release(lease));
            }

            var reclaimed = _positions.Reclaimed;
            Assert.True(reclaimed > next, "Refused, and not given up.");
            next = reclaimed;
        }
    }

    private void Drop()
    {
        var position = _positions.Reclaimed;
        if (FreesFirst)
        {
            _pool.Table.Release(_positions.Handle(position));
            Assert.True(_positions.TryGiveUp(position, out _));
            return;
        }

        // A reader's share may keep the slot for a moment longer: then another position goes.
        if (_positions.TryGiveUp(position, out var lease))
        {
            Assert.True(_pool.Table.Release(lease));
        }
        else
        {
            TAtomics.Pause();
        }
    }
}

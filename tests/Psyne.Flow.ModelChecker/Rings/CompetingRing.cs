using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>A ring whose two consumers compete, behind one producer or several.</summary>
internal sealed unsafe class CompetingRing<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly int[] _messages;
    private readonly RingMemory<TAtomics> _ring;
    private readonly SingleProducer<long, TAtomics, CompetingRoom<long, TAtomics>>* _single;
    private readonly MultiProducer<long, TAtomics, CompetingRoom<long, TAtomics>> _multi;
    private readonly CompetingConsumer<long, TAtomics> _consumer;
    private readonly long* _batch;

    /// <param name="memory">The model's memory.</param>
    /// <param name="slots">Slots of the ring.</param>
    /// <param name="capacity">Messages that producers may have waiting, claims aside.</param>
    /// <param name="messages">Messages of each producer.</param>
    public CompetingRing(ModelMemory memory, int slots, int capacity, params int[] messages)
    {
        _messages = messages;
        _ring = new RingMemory<TAtomics>(memory, slots);
        _single = memory.Array<SingleProducer<long, TAtomics, CompetingRoom<long, TAtomics>>>(1, "producer");
        *_single = new(_ring.Slots, _ring.CompetingRoom, capacity);
        _multi = _ring.MultiProducer(_ring.CompetingRoom, capacity);
        _consumer = _ring.CompetingConsumer;
        _batch = memory.Longs(2 * 2, "batch");
    }

    private Delivery Delivery { get; } = new(consumers: 2);

    public void Check()
    {
        Delivery.AssertAll(_messages);
        Assert.False(_consumer.HasMessage);
    }

    public void ProduceAlone()
    {
        for (var i = 0; i < _messages[0]; i++)
        {
            while (!_single->HasRoom(1))
            {
                TAtomics.Pause();
            }

            TAtomics.StorePlain(ref _single->Next, i);
            _single->Publish();
        }
    }

    public void Produce(int producer)
    {
        for (var i = 0; i < _messages[producer]; i++)
        {
            while (!_multi.HasRoom(1))
            {
                TAtomics.Pause();
            }

            _multi.Publish(100 * producer + i);
        }
    }

    public void ProduceBatch(int producer)
    {
        while (!_multi.HasRoom(2))
        {
            TAtomics.Pause();
        }

        var batch = _batch + 2 * producer;
        TAtomics.StorePlain(ref batch[0], 100L * producer);
        TAtomics.StorePlain(ref batch[1], 100L * producer + 1);
        _multi.Publish(batch, 2);
    }

    public void Consume(int consumer)
    {
        while (_consumer.Taken < _messages.Sum())
        {
            if (!_consumer.TryTake(out var position))
            {
                TAtomics.Pause();
                continue;
            }

            Delivery.Add(consumer, _ring.Read(position));
            Assert.True(_consumer.IsHeld(position));
            Assert.True(_consumer.Release(position));
        }
    }

    /// <summary>Walks over what was released, as a claim does that then publishes nothing.</summary>
    public void Look()
    {
        _multi.HasRoom(2);
    }

    public void ProduceAndConsume()
    {
        for (var i = 0; i < _messages[0]; i++)
        {
            while (!_multi.HasRoom(1))
            {
                TAtomics.Pause();
            }

            _multi.Publish(i);
            Assert.True(_consumer.TryTake(out var position));
            Delivery.Add(0, _ring.Read(position));
            Assert.True(_consumer.Release(position));
        }
    }

    /// <summary>Takes runs of up to two and releases them last first, each only once.</summary>
    public void ConsumeBatches(int consumer)
    {
        while (_consumer.Taken < _messages.Sum())
        {
            var count = _consumer.TryTakeMany(2, out var first);
            if (count == 0)
            {
                TAtomics.Pause();
            }

            for (var i = 0; i < count; i++)
            {
                Delivery.Add(consumer, _ring.Read(first + i));
            }

            for (var i = count - 1; i >= 0; i--)
            {
                Assert.True(_consumer.Release(first + i));
                Assert.False(_consumer.Release(first + i));
            }
        }
    }
}

using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>Two producers and one consumer that sees every message.</summary>
internal sealed unsafe class MpscRing<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly int[] _messages;
    private readonly RingMemory<TAtomics> _ring;
    private readonly MultiProducer<long, TAtomics, SequenceRoom<TAtomics>> _producer;
    private readonly Pinned<SequentialConsumer<long, TAtomics>> _consumer;
    private readonly long* _batch;

    private MpscRing(ModelMemory memory, Pinned<SequentialConsumer<long, TAtomics>> consumer, int slots, int capacity, int[] messages)
    {
        _messages = messages;
        _ring = new RingMemory<TAtomics>(memory, slots);
        _producer = _ring.MultiProducer(_ring.SequenceRoom, capacity);
        _consumer = consumer;
        _consumer.Value = _ring.SequentialConsumer;
        _batch = memory.Longs(2 * 2, "batch");
    }

    private Delivery Delivery { get; } = new(consumers: 1);

    public static IScenario Scenario(int slots, int capacity, int[] messages, params Action<MpscRing<TAtomics>>[] threads)
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new Scenario<MpscRing<TAtomics>>(
            memory => new MpscRing<TAtomics>(memory, consumer, slots, capacity, messages),
            threads,
            ring => ring.Delivery.AssertAll(messages));
    }

    public void Produce(int producer)
    {
        for (var i = 0; i < _messages[producer]; i++)
        {
            while (!_producer.HasRoom(1))
            {
                TAtomics.Pause();
            }

            _producer.Publish(100 * producer + i);
        }
    }

    public void ProduceBatches(int producer)
    {
        var batch = _batch + 2 * producer;
        for (var i = 0; i < _messages[producer]; i += 2)
        {
            while (!_producer.HasRoom(2))
            {
                TAtomics.Pause();
            }

            TAtomics.StorePlain(ref batch[0], 100L * producer + i);
            TAtomics.StorePlain(ref batch[1], 100L * producer + i + 1);
            _producer.Publish(batch, 2);
        }
    }

    public void Consume()
    {
        while (Delivery.Count < _messages.Sum())
        {
            if (!_consumer.Value.TryTake(out var position))
            {
                TAtomics.Pause();
                continue;
            }

            Delivery.Add(0, _ring.Read(position));
            Assert.True(_consumer.Value.ReleaseNext(position, 1));
        }
    }

    public void ConsumeBatches()
    {
        while (Delivery.Count < _messages.Sum())
        {
            var count = _consumer.Value.TryTakeMany(3, oneProducer: false, out var first);
            if (count == 0)
            {
                TAtomics.Pause();
                continue;
            }

            for (var i = 0; i < count; i++)
            {
                Delivery.Add(0, _ring.Read(first + i));
            }

            Assert.True(_consumer.Value.ReleaseNext(first, count));
        }
    }
}

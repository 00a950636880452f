using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>One producer, one consumer: message i is i + 100.</summary>
internal sealed unsafe class SpscRing<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly RingMemory<TAtomics> _ring;
    private readonly SingleProducer<long, TAtomics, SequenceRoom<TAtomics>>* _producer;
    private readonly Pinned<SequentialConsumer<long, TAtomics>> _consumer;

    private SpscRing(ModelMemory memory, Pinned<SequentialConsumer<long, TAtomics>> consumer, int capacity)
    {
        _ring = new RingMemory<TAtomics>(memory, 2);
        _producer = memory.Array<SingleProducer<long, TAtomics, SequenceRoom<TAtomics>>>(1, "producer");
        *_producer = new(_ring.Slots, _ring.SequenceRoom, capacity);
        _consumer = consumer;
        _consumer.Value = _ring.SequentialConsumer;
    }

    private List<long> Received { get; } = [];

    /// <summary>A scenario of two threads that end when <paramref name="messages"/> have gone through.</summary>
    public static IScenario Scenario(int messages, Action<SpscRing<TAtomics>> produce, Action<SpscRing<TAtomics>> consume, int capacity = 2)
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new Scenario<SpscRing<TAtomics>>(
            memory => new SpscRing<TAtomics>(memory, consumer, capacity),
            [produce, consume],
            ring => Assert.Equal(Enumerable.Range(100, messages).Select(i => (long)i), ring.Received));
    }

    public void Produce(int count)
    {
        for (var i = 0; i < count; i++)
        {
            while (!_producer->HasRoom(1))
            {
                TAtomics.Pause();
            }

            TAtomics.StorePlain(ref _producer->Next, i + 100);
            _producer->Publish();
        }
    }

    public void ProduceBatches(int batches, int size)
    {
        for (var i = 0; i < batches; i++)
        {
            while (!_producer->HasRoom(size))
            {
                TAtomics.Pause();
            }

            for (var j = 0; j < size; j++)
            {
                TAtomics.StorePlain(ref _producer->Slots.Value(i * size + j), i * size + j + 100);
            }

            _producer->Publish(size);
        }
    }

    public void Consume(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var position = Take();
            Received.Add(_ring.Read(position));
            Assert.True(Release(position, 1));
        }
    }

    public void ConsumeBatches(int count, bool oneProducer = true)
    {
        while (Received.Count < count)
        {
            long first;
            int taken;
            while ((taken = _consumer.Value.TryTakeMany(2, oneProducer, out first)) == 0)
            {
                TAtomics.Pause();
            }

            for (var i = 0; i < taken; i++)
            {
                Received.Add(_ring.Read(first + i));
            }

            Assert.True(Release(first, taken));
        }
    }

    /// <summary>Takes two, gives the second back first, and reads the first before it follows.</summary>
    public void ConsumeAndReleaseEarly(int pairs)
    {
        for (var i = 0; i < pairs; i++)
        {
            var (first, second) = (Take(), Take());
            var later = _ring.Read(second);
            Assert.True(Release(second, 1));
            Assert.False(_consumer.Value.IsHeld(second));
            Assert.False(Release(second, 1));
            Assert.Equal(1, _consumer.Value.Held);
            Assert.True(_consumer.Value.IsHeld(first));
            Received.Add(_ring.Read(first));
            Received.Add(later);
            Assert.True(Release(first, 1));
            Assert.False(Release(first, 1));
        }
    }

    /// <remarks>As SequentialRingReader: the next in order, or any.</remarks>
    private bool Release(long position, int count) =>
        _consumer.Value.ReleaseNext(position, count) || _consumer.Value.Release(position, count);

    private long Take()
    {
        long position;
        while (!_consumer.Value.TryTake(out position))
        {
            TAtomics.Pause();
        }

        return position;
    }
}

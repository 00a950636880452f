using Psyne.Flow.Atomics;
using Psyne.Flow.Memory;
using Psyne.Flow.Rings;
using Psyne.Flow.Waiting;
using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>A PairedProducer and its consumer: message i is i + 100. Four slots share a line where the ring has eight or more, two of four.</summary>
internal sealed unsafe class PairedRing<TAtomics>
    where TAtomics : struct, IAtomics
{
    private readonly RingMemory<TAtomics> _ring;
    private readonly PairedProducer<long, TAtomics>* _producer;
    private readonly Pinned<SequentialConsumer<long, TAtomics>> _consumer;
    private readonly WaitGate<TAtomics> _gate;
    private int _written;

    private PairedRing(ModelMemory memory, Pinned<SequentialConsumer<long, TAtomics>> consumer, int slots, int capacity)
    {
        _ring = new RingMemory<TAtomics>(memory, slots);
        _gate = new WaitGate<TAtomics>(memory.Bytes(WaitGate<TAtomics>.Size, "gate"));
        _producer = memory.Array<PairedProducer<long, TAtomics>>(1, "producer");
        *_producer = new(_ring.Slots, _ring.SequenceRoom, capacity);
        _producer->Pace(thick: true);
        _consumer = consumer;
        _consumer.Value = _ring.SequentialConsumer;
        memory.Name(in _consumer.Value.Cursor.Taken, "taken");
        memory.Name(in _consumer.Value.Cursor.Known, "known");
        Assert.Equal(Math.Clamp(slots / 2, 1, CacheLine.Size / RingSlots<long>.Stride) - 1, _producer->Cursor.LineMask);
    }

    private List<long> Received { get; } = [];

    /// <summary>A scenario whose first two threads end when <paramref name="messages"/> have gone through.</summary>
    public static IScenario Scenario(
        int messages, Action<PairedRing<TAtomics>> produce, Action<PairedRing<TAtomics>> consume, int slots = 2, int? capacity = null,
        Action<PairedRing<TAtomics>>? before = null, Action<PairedRing<TAtomics>>? ask = null)
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new Scenario<PairedRing<TAtomics>>(
            memory =>
            {
                var ring = new PairedRing<TAtomics>(memory, consumer, slots, capacity ?? slots);
                before?.Invoke(ring);
                return ring;
            },
            ask is null ? [produce, consume] : [produce, consume, ask],
            ring => ring.CheckAtRest(messages));
    }

    /// <summary>As the writer does it now and then, with no claim open.</summary>
    public void Pace(bool thick) => _producer->Pace(thick);

    /// <summary>One at a time, by the fast path and where that fails the slow one, as the writer does it.</summary>
    public void Produce(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var slot = Claim(1, out var ticket);
            Write(slot, 1);
            Publish(slot, ticket, 1);
        }
    }

    /// <summary>A batch, of which the first <paramref name="published"/> are published.</summary>
    public void ProduceBatch(int size, int published)
    {
        var slot = Claim(size, out var ticket);
        Write(slot, published);
        Publish(slot, ticket, published);
    }

    /// <summary>Claims, gives up, and claims the same position again.</summary>
    public void ProduceAfterAbort(int size = 1)
    {
        var slot = Claim(size, out var aborted);
        TAtomics.StorePlain(ref Value(slot), 0);
        Assert.True(IsOpen(slot, aborted));
        Assert.True(_producer->HasOpenClaim);
        Assert.Equal(1, _producer->OpenClaims);
        Assert.True(_producer->TryBegin(1, _gate, out _) == null);
        _producer->Abort(slot, _gate);
        Assert.False(_producer->HasOpenClaim);
        var again = Claim(1, out var ticket);
        Assert.True(slot == again);
        Assert.NotEqual(aborted, ticket);
        Assert.False(IsOpen(slot, aborted));
        Assert.False(IsOpen(_producer->SlotOf(aborted), aborted));
        Write(slot, 1);
        Publish(slot, ticket, 1);
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

    public void ConsumeBatches(int count, int most = 2)
    {
        for (var end = Received.Count + count; Received.Count < end;)
        {
            long first;
            int taken;
            while ((taken = _consumer.Value.TryTakeMany(Math.Min(most, end - Received.Count), oneProducer: true, out first)) == 0)
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
            Received.Add(_ring.Read(first));
            Received.Add(later);
            Assert.True(Release(first, 1));
        }
    }

    /// <summary>Takes one and puts it back, as a reader does that meets the channel's end, then takes it for good.</summary>
    public void ConsumeAfterUntake()
    {
        var position = Take();
        _consumer.Value.Untake(position);
        Assert.True(_consumer.Value.HasMessage);
        Consume(1);
    }

    /// <summary>What another thread may ask at any time. Some message waits throughout.</summary>
    public void AskWhileOneWaits() => Assert.True(_consumer.Value.HasMessage, "A message waits, and none shows.");

    /// <summary>What another thread sees of the claims comes from some moment; the published never go back.</summary>
    public void AskAll(int messages)
    {
        var published = 0L;
        for (var i = 0; i < 2; i++)
        {
            Assert.InRange(_producer->OpenClaims, 0, 1);
            var now = _producer->Published;
            Assert.InRange(now, published, messages);
            published = now;
        }

        var taken = _consumer.Value.Taken;
        Assert.InRange(_producer->Published, taken, messages);
    }

    private void CheckAtRest(int messages)
    {
        Assert.Equal(messages, _producer->Published);
        Assert.Equal(messages, _producer->Position);
        Assert.Equal(0, _producer->OpenClaims);
        Assert.Equal(_written, messages);
        Assert.Equal(Enumerable.Range(100, Received.Count).Select(i => (long)i), Received);
        Assert.Equal(Received.Count, _consumer.Value.Taken);
        Assert.Equal(Received.Count < messages, _consumer.Value.HasMessage);
        Assert.Equal(0, _consumer.Value.Held);
    }

    private byte* Claim(int count, out long ticket)
    {
        var slot = _producer->TryBegin(count, _gate, out ticket);
        while (slot == null)
        {
            Assert.False(_producer->HasOpenClaim);
            slot = _producer->TryBegin(count, _gate, out ticket, out var tells);
            Assert.False(tells);
            if (slot == null)
            {
                TAtomics.Pause();
            }
        }

        return slot;
    }

    private void Write(byte* slot, int count)
    {
        for (var i = 0; i < count; i++)
        {
            TAtomics.StorePlain(ref Value(slot + i * RingSlots<long>.Stride), 100 + _written++);
        }
    }

    private void Publish(byte* slot, long ticket, int count)
    {
        Assert.True(IsOpen(slot, ticket));
        Assert.True(_producer->SlotOf(ticket) == slot);
        Assert.False(_producer->Publish(slot, ticket, count, _gate));
        Assert.False(IsOpen(slot, ticket));
    }

    private static ref long Value(byte* slot) => ref *(long*)(slot + RingSlots<long>.ValueOffset);

    private static bool IsOpen(byte* slot, long ticket) => PairedProducer<long, TAtomics>.IsOpen(slot, ticket);

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

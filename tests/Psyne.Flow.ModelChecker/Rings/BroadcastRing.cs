using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>A ring whose readers each see every message from their first on; the slowest gates.</summary>
internal sealed unsafe class BroadcastRing<TAtomics>
    where TAtomics : struct, IAtomics
{
    private const int Readers = 2;

    private readonly RingMemory<TAtomics> _ring;
    private readonly ReaderTable<TAtomics> _table;
    private readonly MultiProducer<long, TAtomics, BroadcastRoom<TAtomics>> _producer;
    private readonly Pinned<SequentialConsumer<long, TAtomics>>[] _consumers;

    private BroadcastRing(ModelMemory memory, Pinned<SequentialConsumer<long, TAtomics>>[] consumers)
    {
        _ring = new RingMemory<TAtomics>(memory, 2);
        _table = new ReaderTable<TAtomics>(memory.Bytes((int)ReaderTable<TAtomics>.SizeFor(Readers), "readers"), Readers);
        _table.Clear();
        _producer = _ring.MultiProducer(new BroadcastRoom<TAtomics>(_table), capacity: 2);
        _consumers = consumers;
    }

    /// <summary>Message by position: every reader has to see the same.</summary>
    private Dictionary<long, long> Seen { get; } = [];

    /// <param name="joined">Whether the first reader has joined before the threads start.</param>
    /// <param name="messages">Messages of all producers together.</param>
    /// <param name="threads">The threads.</param>
    public static IScenario Scenario(bool joined, int messages, params Action<BroadcastRing<TAtomics>>[] threads)
    {
        Pinned<SequentialConsumer<long, TAtomics>>[] consumers = [new(), new()];
        return new Scenario<BroadcastRing<TAtomics>>(
            memory =>
            {
                var ring = new BroadcastRing<TAtomics>(memory, consumers);
                if (joined)
                {
                    ring.Join(0);
                }

                return ring;
            },
            threads,
            ring => Assert.Equal(messages, ring._producer.Published));
    }

    public void Produce(int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            while (!_producer.HasRoom(1))
            {
                TAtomics.Pause();
            }

            _producer.Publish(first + i);
        }
    }

    /// <summary>Joins the table; every message from here on is this reader's.</summary>
    public void Join(int reader)
    {
        var line = _table.Take();
        Assert.InRange(line, 0, Readers - 1);
        ref var gating = ref _table.Line(line);
        fixed (long* address = &gating)
        {
            _consumers[reader].Value = new(_ring.Slots, address);
        }

        _consumers[reader].Value.StartAt(_table.Join(line, ref *_ring.Tail));
        Lines[reader] = line;
    }

    public int[] Lines { get; } = new int[Readers];

    public void Leave(int reader) => _table.Leave(Lines[reader]);

    /// <summary>Reads from the reader's first message to the position before <paramref name="end"/>.</summary>
    public void Consume(int reader, int end)
    {
        ref var consumer = ref _consumers[reader].Value;
        for (var expected = consumer.Taken; expected < end; expected++)
        {
            long position;
            while (!consumer.TryTake(out position))
            {
                TAtomics.Pause();
            }

            Assert.Equal(expected, position);
            var message = _ring.Read(position);
            Assert.Equal(message, Seen.TryAdd(position, message) ? message : Seen[position]);
            Assert.True(consumer.ReleaseNext(position, 1));
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Limits;

/// <summary>
/// The loop work alone, small messages: each producer writes its share into slots of its own and each consumer reads
/// its share from slots of its own, at the same time, on the same cores, and nobody hands anything over.
/// </summary>
internal sealed class LoopTraffic<TMessage>(Shape shape) : ITraffic
    where TMessage : unmanaged, IMessage<TMessage>
{
    private readonly Side[] sides = [.. Enumerable.Range(0, shape.Threads.Threads).Select(_ => new Side(shape.Capacity))];

    public void Begin(long messages)
    {
        var share = messages / shape.Threads.Producers;
        for (var consumer = 0; consumer < shape.Threads.Consumers; consumer++)
        {
            // Consumer c reads its part of every producer's stamps, one producer after another.
            var side = sides[shape.Threads.Producers + consumer];
            side.Next = (ulong)(share * consumer / shape.Threads.Consumers) + 1;
            side.First = side.Next;
            side.End = (ulong)(share * (consumer + 1) / shape.Threads.Consumers) + 1;
            side.Producer = 0;
            for (var slot = 0; slot < side.Slots.Length; slot++)
            {
                TMessage.Write(ref side.Slots[slot], (ulong)slot);
            }
        }
    }

    public void Write(int producer, ulong first, int count)
    {
        var slots = sides[producer].Slots;
        var stamp = Stamp.Of(producer, first);
        ref var start = ref MemoryMarshal.GetArrayDataReference(slots);
        var mask = (ulong)slots.Length - 1;
        for (var end = stamp + (ulong)count; stamp != end; stamp++)
        {
            TMessage.Write(ref Unsafe.Add(ref start, (nuint)(stamp & mask)), stamp);
        }
    }

    public void CompleteWriting()
    {
    }

    public bool Read(int consumer, ref Tally tally)
    {
        var side = sides[shape.Threads.Producers + consumer];
        if (side.Next == side.End)
        {
            side.Next = side.First;
            if (++side.Producer == shape.Threads.Producers || side.First == side.End)
            {
                return false;
            }
        }

        // The slots hold 0, 1, 2, ...: what is read is the slot, and its lap and producer are added. In chunks that don't wrap.
        var local = tally;
        var mask = (ulong)side.Slots.Length - 1;
        var lap = Stamp.Of(side.Producer, side.Next & ~mask);
        var to = Math.Min(side.End, (side.Next & ~mask) + mask + 1);
        ref var start = ref MemoryMarshal.GetArrayDataReference(side.Slots);
        for (var next = side.Next; next != to; next++)
        {
            local.Add(TMessage.Read(ref Unsafe.Add(ref start, (nuint)(next & mask))) + lap);
        }

        side.Next = to;
        tally = local;
        return true;
    }

    public long End() => 0;

    public void Dispose()
    {
    }

    private sealed class Side(int capacity)
    {
        // Pinned heap: the arrays of two threads must not share a page that the collector moves in mid-round.
        public readonly TMessage[] Slots = GC.AllocateArray<TMessage>(capacity, pinned: true);
        public ulong First;
        public ulong Next;
        public ulong End;
        public int Producer;
    }
}

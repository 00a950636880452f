using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>A ring's memory in the model, as a channel has it on its slab, and what its ends need of it.</summary>
internal sealed unsafe class RingMemory<TAtomics>
    where TAtomics : struct, IAtomics
{
    public RingMemory(ModelMemory memory, int capacity)
    {
        Slots = new RingSlots<long>(memory.Bytes(capacity * RingSlots<long>.Stride, "ring"), capacity);
        Tail = memory.Longs(1, "tail");
        Shared = memory.Longs(1, "shared gating");
        Head = memory.Longs(1, "head");
        Gating = memory.Longs(1, "gating");
    }

    public RingSlots<long> Slots { get; }

    public long* Tail { get; }

    /// <summary>The gating sequence that several producers share.</summary>
    public long* Shared { get; }

    public long* Head { get; }

    public long* Gating { get; }

    public SequenceRoom<TAtomics> SequenceRoom => new(Gating);

    public CompetingRoom<long, TAtomics> CompetingRoom => new(Slots, Gating);

    public SequentialConsumer<long, TAtomics> SequentialConsumer => new(Slots, Gating);

    public CompetingConsumer<long, TAtomics> CompetingConsumer => new(Slots, Head);

    public MultiProducer<long, TAtomics, TRoom> MultiProducer<TRoom>(TRoom room, int capacity) where TRoom : struct, IRoom<TAtomics> =>
        new(Slots, room, Tail, Shared, capacity);

    /// <summary>Reads a message, as a plain access that the checker follows.</summary>
    public long Read(long position) => TAtomics.LoadPlain(ref Slots.Value(position));
}

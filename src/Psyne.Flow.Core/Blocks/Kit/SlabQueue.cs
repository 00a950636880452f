using System.Numerics;

namespace Psyne.Flow.Blocks;

/// <summary>
/// A queue of leases whose messages a handler can read and write where they lie: a run of the oldest is set apart
/// (<see cref="CheckOut"/>), a run of new ones is built (<see cref="Reserve"/>, <see cref="Commit"/>), outside the lock.
/// </summary>
/// <remarks>One thread at a time has messages set apart, and one builds.</remarks>
internal abstract unsafe class SlabQueue<T> : MessageQueue<Lease<T>> where T : unmanaged
{
    /// <summary>The largest message that waits in the queue by value: it is copied from block to block. Larger ones stay in their slot, and their handles move.</summary>
    internal const int LargestByValue = 48;

    internal static bool IsByValue => sizeof(T) <= LargestByValue;

    internal static SlabQueue<T> Create(BlockSettings settings, BlockSlab<T> slab)
    {
        if (!IsByValue)
            return new LeaseQueue<T>(slab);
        var bound = settings.BoundFor(sizeof(T));
        var capacity = bound == long.MaxValue
            ? (long)BitOperations.RoundUpToPowerOf2((ulong)(settings.SlabBytes / sizeof(T))) >> (BitOperations.IsPow2(settings.SlabBytes / sizeof(T)) ? 0 : 1)
            : (long)BitOperations.RoundUpToPowerOf2((ulong)bound);
        return new ValueQueue<T>(slab, capacity);
    }

    /// <summary>Adds a message that is copied. False when there is no room or no slot for it.</summary>
    internal abstract bool TryAppend(ref readonly T value);

    /// <summary>Sets up to <paramref name="most"/> of the oldest messages apart, to be read by <see cref="In"/> without the lock until they are removed.</summary>
    internal abstract int CheckOut(int most);

    /// <summary>A message that was set apart.</summary>
    internal abstract ref T In(int index);

    /// <summary>Ends a message that was set apart and handled. A value has nothing to end.</summary>
    internal abstract void EndIn(int index);

    /// <summary>The lease of a message that was set apart, to be passed on; a value's is made. False when none can be made at present.</summary>
    internal abstract bool TryTakeIn(int index, out Lease<T> lease);

    /// <summary>Room for up to <paramref name="most"/> new messages, to be built in <see cref="Out"/> without the lock.</summary>
    internal abstract int Reserve(int most);

    /// <summary>Where a new message is built.</summary>
    internal abstract ref T Out(int index);

    /// <summary>Adds the first <paramref name="count"/> of the messages that were built, and gives back the rest of the room.</summary>
    internal abstract void Commit(int count);

    /// <summary>Adds the first <paramref name="count"/> while the rest is still being built; nothing when nothing is being built.</summary>
    internal abstract void CommitSome(int count);

    /// <summary>Has the callback called once when <see cref="Reserve"/> may find room after it found none.</summary>
    internal abstract void WhenRoom(Action look);
}

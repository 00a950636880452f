using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>The oldest messages that wait in a block of one's own, where they lie.</summary>
/// <remarks>Valid during the call that it is given to, and used by its thread alone.</remarks>
public ref struct BlockInput<T> where T : unmanaged
{
    private readonly SlabQueue<T> _queue;
    private readonly int _shown;

    internal BlockInput(SlabQueue<T> queue, int shown) => (_queue, _shown) = (queue, shown);

    /// <summary>How many of them were taken.</summary>
    internal int Taken { get; private set; }

    /// <summary>Messages that are shown and not taken yet: some of those that wait, and none where the block was only woken.</summary>
    public readonly int Count => _shown - Taken;

    /// <summary>A message that is shown and not taken yet.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1, oldest first.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such message is shown.</exception>
    public readonly ref readonly T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(index), index, $"Message {index} was asked for; {Count} are shown.");
            return ref _queue.In(Taken + index);
        }
    }

    /// <summary>Takes the oldest messages: they are done with, and their slots are free again.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or more than are shown.</exception>
    public void Take(int count)
    {
        if ((uint)count > (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"{count} messages were taken; {Count} are shown.");
        for (; count > 0; count--)
            _queue.EndIn(Taken++);
    }

    /// <summary>Takes the oldest message as the lease that it waits as: not a small one, which waits by value.</summary>
    internal Lease<T> TakeLease()
    {
        _queue.TryTakeIn(Taken++, out var lease);
        return lease;
    }
}

using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>The slot in which an asynchronous transform builds its message. It goes on when the transform's task completes.</summary>
/// <remarks>16 bytes; may cross an <c>await</c>. Valid until the task completes.</remarks>
public readonly unsafe record struct OutputSlot<T> where T : unmanaged
{
    private readonly BlockSlab<T>? _slab;
    private readonly long _claim;

    internal OutputSlot(BlockSlab<T> slab, long claim)
    {
        _slab = slab;
        _claim = claim;
    }

    /// <summary>The message under construction, on the slab. Don't keep the reference across an await. What it holds at first is whatever it held before.</summary>
    /// <exception cref="LeaseException">The transform has completed.</exception>
    public ref T Value => ref *(T*)(_slab ?? throw new LeaseException("The slot is empty: it was never given by a block.")).Resolve(_claim);
}

using System.Runtime.InteropServices;

namespace Psyne.Flow.Memory;

/// <summary>Zeroed native memory of the C runtime, for systems whose mmap Core does not know.</summary>
internal sealed unsafe class HeapSegment : Segment
{
    private readonly long _length;

    internal HeapSegment(long length)
    {
        try
        {
            Base = (byte*)NativeMemory.AlignedAlloc(checked((nuint)length), 64);
        }
        catch (OutOfMemoryException exception)
        {
            GC.SuppressFinalize(this);
            throw new SlabAllocationException(length, exception);
        }

        _length = length;
        NativeMemory.Clear(Base, (nuint)length);
    }

    ~HeapSegment() => NativeMemory.AlignedFree(Base);

    internal override SlabPages Pages => SlabPages.Normal;

    /// <summary>The C runtime takes no part of a block back: a dispose only clears it.</summary>
    internal override long Discard(long offset, long length)
    {
        if (offset == 0 && length == _length)
        {
            NativeMemory.Clear(Base, (nuint)length);
        }

        return 0;
    }

    internal override long CountCommitted(long length) => -1;
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Psyne.Flow.Memory;

/// <summary>An array on the pinned object heap, of 64-byte lines so that it may exceed 2 GiB, aligned to 64 by an offset.</summary>
internal sealed unsafe class PinnedSegment : Segment
{
    // Held for the collector alone: the array is freed with the segment.
    private readonly Line[] _lines;

    internal PinnedSegment(long length)
    {
        var lines = (length + 63) / 64 + 1; // one more to align by
        if (lines > Array.MaxLength)
        {
            SlabThrow.BytesOutOfRange(length, (Array.MaxLength - 1L) * 64);
        }

        try
        {
            _lines = GC.AllocateArray<Line>((int)lines, pinned: true);
        }
        catch (OutOfMemoryException exception)
        {
            throw new SlabAllocationException(length, exception);
        }

        var start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_lines));
        Base = (byte*)((start + 63) & ~(nuint)63);
    }

    internal override SlabPages Pages => SlabPages.Managed;

    /// <summary>The collector owns these pages: nothing can be given back before the array dies.</summary>
    internal override long Discard(long offset, long length) => 0;

    internal override long CountCommitted(long length) => -1;

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Line
    {
        internal ulong First;
    }
}

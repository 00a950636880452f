namespace Psyne.Flow.Memory;

/// <summary>
/// The mapping that holds a slab. The memory stays readable and writable until the segment's finalizer runs,
/// so a racing reader of a disposed slab reads zeros or stale bytes and never faults: whoever uses
/// <see cref="Base"/> keeps a reference to the segment (or to its slab) for as long.
/// </summary>
internal abstract unsafe class Segment : System.Runtime.ConstrainedExecution.CriticalFinalizerObject
{
    /// <summary>Gets the first byte, aligned to 64 or better.</summary>
    internal byte* Base { get; private protected init; }

    /// <summary>Gets the pages that the segment got.</summary>
    internal abstract SlabPages Pages { get; }

    /// <summary>Gives the whole pages inside the range back to the system; returns how many bytes those are.</summary>
    internal abstract long Discard(long offset, long length);

    /// <summary>Estimates the resident bytes of the first <paramref name="length"/> bytes; -1 where unknown.</summary>
    internal abstract long CountCommitted(long length);

    internal static Segment Create(SlabOptions options, long length)
    {
        if (options.Backing == SlabBacking.PinnedArray)
        {
            return new PinnedSegment(length);
        }

        return Interop.Libc.HasMmap ? MappedSegment.Map(length, options.HugePages) : new HeapSegment(length);
    }
}

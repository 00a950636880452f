using System.Buffers;
using System.Runtime.InteropServices;
using Psyne.Flow.Interop;

namespace Psyne.Flow.Memory;

/// <summary>Private anonymous memory from mmap: address space at once, pages on first touch.</summary>
internal sealed unsafe class MappedSegment : Segment
{
    private const int PagesPerLook = 16 * 1024;

    private readonly long _length;
    private readonly nuint _mappedBytes;
    private readonly SlabPages _pages;

    private MappedSegment(byte* start, long length, nuint mappedBytes, SlabPages pages)
    {
        Base = start;
        _length = length;
        _mappedBytes = mappedBytes;
        _pages = pages;
    }

    ~MappedSegment() => Libc.Munmap(Base, _mappedBytes);

    internal override SlabPages Pages => _pages;

    internal static MappedSegment Map(long length, bool hugePages)
    {
        var alignment = hugePages ? Math.Max(TransparentHugePages.PageBytes, Environment.SystemPageSize) : Environment.SystemPageSize;
        var mappedBytes = RoundUp((nuint)length, (nuint)alignment);
        var slack = (nuint)(alignment - Environment.SystemPageSize);
        var reserved = MapOrThrow(length, mappedBytes + slack);

        // Cut what stands over on both sides of the aligned range.
        var start = (byte*)RoundUp((nuint)reserved, (nuint)alignment);
        var before = (nuint)(start - reserved);
        Trim(reserved, before);
        Trim(start + mappedBytes, slack - before);

        var pages = hugePages && TransparentHugePages.AreEnabled && Libc.Madvise(start, mappedBytes, Libc.AdviseHugePage) == 0
            ? SlabPages.TransparentHuge
            : SlabPages.Normal;
        return new MappedSegment(start, length, mappedBytes, pages);
    }

    internal override long Discard(long offset, long length)
    {
        var page = (nuint)Environment.SystemPageSize;
        var first = RoundUp((nuint)offset, page);

        // What is mapped behind the slab's last byte belongs to nobody, and goes with it.
        var end = offset + length == _length ? _mappedBytes : (nuint)(offset + length) & ~(page - 1);
        if (end <= first)
        {
            return 0;
        }

        return DropPages(Base + first, end - first) ? (long)(end - first) : 0;
    }

    internal override long CountCommitted(long length)
    {
        if (!OperatingSystem.IsLinux())
        {
            return -1;
        }

        var page = (nuint)Environment.SystemPageSize;
        var pages = RoundUp((nuint)length, page) / page;
        var buffer = ArrayPool<byte>.Shared.Rent(PagesPerLook);
        try
        {
            long resident = 0;
            for (nuint done = 0; done < pages;)
            {
                var count = nuint.Min(pages - done, PagesPerLook);
                fixed (byte* flags = buffer)
                {
                    if (Libc.Mincore(Base + done * page, count * page, flags) != 0)
                    {
                        return -1;
                    }
                }

                foreach (var flag in buffer.AsSpan(0, (int)count))
                {
                    resident += flag & 1;
                }

                done += count;
            }

            return resident * (long)page;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte* MapOrThrow(long length, nuint bytes)
    {
        var memory = TryMap(bytes, out var errno);
        if (memory is null)
        {
            // Segments that nobody can reach any more still hold their address range until they are finalized.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            memory = TryMap(bytes, out errno);
        }

        return memory is not null
            ? memory
            : throw new SlabAllocationException(length, "mmap", errno, Marshal.GetPInvokeErrorMessage(errno));
    }

    private static byte* TryMap(nuint bytes, out int errno)
    {
        var flags = Libc.MapPrivate | Libc.MapAnonymous | Libc.MapNoReserve;
        var memory = Libc.Mmap(null, bytes, Libc.ProtRead | Libc.ProtWrite, flags, -1, 0);
        errno = memory == Libc.MapFailed ? Marshal.GetLastPInvokeError() : 0;
        return memory == Libc.MapFailed ? null : (byte*)memory;
    }

    /// <summary>Elsewhere than on Linux the advice only hints, so fresh pages are mapped over the old ones.</summary>
    private static bool DropPages(byte* start, nuint bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            return Libc.Madvise(start, bytes, Libc.AdviseDontNeed) == 0;
        }

        var flags = Libc.MapPrivate | Libc.MapAnonymous | Libc.MapNoReserve | Libc.MapFixed;
        return Libc.Mmap(start, bytes, Libc.ProtRead | Libc.ProtWrite, flags, -1, 0) != Libc.MapFailed;
    }

    private static void Trim(byte* start, nuint bytes)
    {
        if (bytes != 0)
        {
            _ = Libc.Munmap(start, bytes);
        }
    }

    private static nuint RoundUp(nuint value, nuint powerOfTwo) => (value + powerOfTwo - 1) & ~(powerOfTwo - 1);
}

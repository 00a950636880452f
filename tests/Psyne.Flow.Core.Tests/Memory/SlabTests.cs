using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Psyne.Flow.Memory;
using Xunit;

namespace Psyne.Flow.Tests.Memory;

public sealed unsafe class SlabTests
{
    private const int PageBytes = 4096;

    public static TheoryData<SlabBacking> Backings => [SlabBacking.Native, SlabBacking.PinnedArray];

    [Theory]
    [MemberData(nameof(Backings))]
    public void Allocate_ExactBytes_RoundsUpTo64AndIsZeroedAndAligned(SlabBacking backing)
    {
        using var slab = Slab.Allocate(new SlabOptions { Backing = backing, Bytes = 100_001 });

        Assert.Equal(100_032, slab.Length);
        Assert.Equal(backing, slab.Backing);
        Assert.Equal(0u, (nuint)slab.Base % 64);
        Assert.Equal(-1, slab.AsSpan(0, 100_032).IndexOfAnyExcept((byte)0));
        Assert.False(slab.IsDisposed);
    }

    [Theory]
    [InlineData(0, 32L << 20)]
    [InlineData(1, 64L << 20)]
    [InlineData(7, 256L << 20)]
    public void Allocate_SizeFactor_ReservesUnitsWithoutTouchingThem(int factor, long bytes)
    {
        using var slab = Slab.Allocate(new SlabOptions { SizeFactor = factor });

        Assert.Equal(bytes, slab.Length);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells which pages are resident.");
        Assert.Equal(0, slab.CommittedBytes);
        slab.AsSpan(bytes - 1, 1)[0] = 1;
        Assert.InRange(slab.CommittedBytes, 1, 2L << 20);
    }

    [Theory]
    [MemberData(nameof(Backings))]
    public void AsSpan_WholeSlab_KeepsWhatIsWritten(SlabBacking backing)
    {
        using var slab = Slab.Allocate(new SlabOptions { Backing = backing, Bytes = 1 << 20 });
        new Random(1).NextBytes(slab.AsSpan(0, 1 << 20));
        var expected = new byte[1 << 20];
        new Random(1).NextBytes(expected);

        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);

        Assert.True(slab.AsSpan(0, 1 << 20).SequenceEqual(expected));
        Assert.True(slab.AsSpan(77, 1000).SequenceEqual(expected.AsSpan(77, 1000)));
        Assert.Equal(0, slab.AsSpan(1 << 20, 0).Length);
    }

    [Theory]
    [InlineData(-1L, 1, "-1")]
    [InlineData(1025L, 0, "1025")]
    [InlineData(long.MaxValue, 1, "9223372036854775807")]
    [InlineData(long.MinValue, 1, "-9223372036854775808")]
    [InlineData(0L, 1025, "1025")]
    [InlineData(0L, -1, "-1")]
    [InlineData(1024L, 1, "between 0 and 0")]
    [InlineData(1000L, int.MaxValue, "between 0 and 24")]
    public void AsSpan_OutsideTheSlab_NamesValueAndBound(long offset, int length, string said)
    {
        using var slab = Slab.Allocate(new SlabOptions { Bytes = 1024 });

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => slab.AsSpan(offset, length).Length);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("1024", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => slab.GiveBack(offset, length));
    }

    [Fact]
    public void AsSpan_Disposed_NamesTheSlab()
    {
        var slab = Slab.Allocate(new SlabOptions { Bytes = 1024 });
        slab.Dispose();

        var error = Assert.Throws<ObjectDisposedException>(() => slab.AsSpan(0, 1).Length);
        Assert.Contains($"Slab {slab.Id} ", error.ObjectName, StringComparison.Ordinal);
        Assert.True(slab.IsDisposed);
        Assert.Contains("disposed", slab.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_Native_GivesPagesBackAndLeavesReadableZeros()
    {
        var slab = Slab.Allocate(new SlabOptions { Bytes = 8 << 20 });
        slab.AsSpan(0, 8 << 20).Fill(0xAB);
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(8 << 20, slab.CommittedBytes);
        }

        slab.Dispose();
        slab.Dispose();

        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(0, slab.CommittedBytes);
        }

        Assert.Equal(-1, new Span<byte>(slab.Base, 8 << 20).IndexOfAnyExcept((byte)0));
        slab.Base[5] = 1; // a writer that lost the race
        GC.KeepAlive(slab);
    }

    [Fact]
    public void Dispose_PinnedArray_KeepsTheArrayWhileTheSlabLives()
    {
        var slab = Slab.Allocate(new SlabOptions { Backing = SlabBacking.PinnedArray, Bytes = 1 << 20 });
        slab.AsSpan(0, 1 << 20).Fill(7);
        slab.Dispose();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.Equal(-1, new Span<byte>(slab.Base, 1 << 20).IndexOfAnyExcept((byte)7));
        GC.KeepAlive(slab);
    }

    [Fact]
    public void Dispose_RacingReaders_NeverFault()
    {
        for (var round = 0; round < 20; round++)
        {
            var slab = Slab.Allocate(new SlabOptions { Bytes = 1 << 20 });
            slab.AsSpan(0, 1 << 20).Fill(1);
            var stop = false;
            var failed = false;
            var passes = 0;
            var readers = Enumerable.Range(0, 2).Select(_ => new Thread(Read)).ToArray();
            Array.ForEach(readers, reader => reader.Start());
            Passes(2);
            slab.Dispose();
            Passes(4); // at least one of them began after the dispose
            Volatile.Write(ref stop, true);
            Array.ForEach(readers, reader => reader.Join());
            Assert.False(failed);

            void Passes(int more)
            {
                var enough = Volatile.Read(ref passes) + more;
                SpinWait.SpinUntil(() => Volatile.Read(ref passes) >= enough);
            }

            void Read()
            {
                while (!Volatile.Read(ref stop))
                {
                    foreach (var value in new Span<byte>(slab.Base, 1 << 20))
                    {
                        if (value > 1)
                        {
                            Volatile.Write(ref failed, true);
                        }
                    }

                    Interlocked.Increment(ref passes);
                }

                GC.KeepAlive(slab);
            }
        }
    }

    [Fact]
    public void Finalizer_UnreachableSlab_UnmapsItsRange()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc/self/maps.");
        var address = AllocateAndForget();
        Assert.True(WaitUntil(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !IsMapped(address);
        }));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static nuint AllocateAndForget()
        {
            var slab = Slab.Allocate(new SlabOptions { SizeFactor = 2 });
            slab.AsSpan(0, 1)[0] = 1;
            slab.Dispose();
            var address = (nuint)slab.Base;
            Assert.True(IsMapped(address));
            GC.KeepAlive(slab);
            return address;
        }
    }

    [Fact]
    public void GiveBack_PartialPages_DropsOnlyWholePagesInside()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.SystemPageSize == PageBytes, "Written for 4 KiB pages of Linux.");
        using var slab = Slab.Allocate(new SlabOptions { Bytes = 16 * PageBytes });
        slab.AsSpan(0, 16 * PageBytes).Fill(1);

        Assert.Equal(0, slab.GiveBack(100, PageBytes));
        Assert.Equal(3 * PageBytes, slab.GiveBack(100, 4 * PageBytes));
        Assert.Equal(13 * PageBytes, slab.CommittedBytes);
        Assert.Equal(-1, slab.AsSpan(PageBytes, 3 * PageBytes).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, slab.AsSpan(0, PageBytes).IndexOfAnyExcept((byte)1));
        Assert.Equal(-1, slab.AsSpan(4 * PageBytes, 12 * PageBytes).IndexOfAnyExcept((byte)1));

        // A range that ends inside the last page leaves that page alone.
        Assert.Equal(0, slab.GiveBack(15 * PageBytes, PageBytes - 1));
        Assert.Equal(1, slab.AsSpan(16 * PageBytes - 1, 1)[0]);
    }

    [Fact]
    public void GiveBack_SlabThatEndsInsideAPage_DropsTheLastPageToo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.SystemPageSize == PageBytes, "Written for 4 KiB pages of Linux.");
        using var slab = Slab.Allocate(new SlabOptions { Bytes = PageBytes + 64 });
        slab.AsSpan(0, PageBytes + 64).Fill(1);

        Assert.Equal(2 * PageBytes, slab.GiveBack(0, slab.Length));
        Assert.Equal(0, slab.CommittedBytes);
    }

    [Fact]
    public void GiveBack_PinnedArray_GivesNothingAndKeepsTheBytes()
    {
        using var slab = Slab.Allocate(new SlabOptions { Backing = SlabBacking.PinnedArray, Bytes = 1 << 20 });
        slab.AsSpan(0, 10).Fill(3);

        Assert.Equal(0, slab.GiveBack(0, slab.Length));
        Assert.Equal(3, slab.AsSpan(9, 1)[0]);
        Assert.Equal(-1, slab.CommittedBytes);
        Assert.Equal(SlabPages.Managed, slab.Pages);
    }

    [Fact]
    public void HugePages_Asked_SaysWhatItGotAndIsAligned()
    {
        using var slab = Slab.Allocate(new SlabOptions { Bytes = 3 << 20, HugePages = true });

        Assert.Equal(3 << 20, slab.Length);
        Assert.Equal(TransparentHugePages.AreEnabled ? SlabPages.TransparentHuge : SlabPages.Normal, slab.Pages);
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(0u, (nuint)slab.Base % (nuint)TransparentHugePages.PageBytes);
        }

        slab.AsSpan(0, 3 << 20).Fill(1);
        Assert.Equal(-1, slab.AsSpan(0, 3 << 20).IndexOfAnyExcept((byte)1));
    }

    [Fact]
    public void HugePages_NotAsked_PagesAreNormal()
    {
        using var slab = Slab.Allocate(new SlabOptions { Bytes = 3 << 20 });
        Assert.Equal(SlabPages.Normal, slab.Pages);
    }

    [Theory]
    [InlineData("[always] madvise never", true)]
    [InlineData("always [madvise] never\n", true)]
    [InlineData("always madvise [never]\n", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void TransparentHugePages_Setting_IsRead(string? text, bool enabled) =>
        Assert.Equal(enabled, TransparentHugePages.ParseEnabled(text));

    [Theory]
    [InlineData("2097152\n", 2L << 20)]
    [InlineData("536870912", 512L << 20)]
    [InlineData("3000000", 2L << 20)]
    [InlineData("-2097152", 2L << 20)]
    [InlineData("junk", 2L << 20)]
    [InlineData(null, 2L << 20)]
    public void TransparentHugePages_PageSize_IsReadOrUsual(string? text, long bytes) =>
        Assert.Equal(bytes, TransparentHugePages.ParsePageBytes(text));

    [Fact]
    public void Map_MoreThanTheAddressSpace_SaysErrno()
    {
        Assert.SkipUnless(Interop.Libc.HasMmap, "No mmap here.");

        var error = Assert.Throws<SlabAllocationException>(() => MappedSegment.Map(1L << 60, hugePages: false));
        Assert.Equal(12, error.ErrorNumber); // ENOMEM
        Assert.Equal(1L << 60, error.RequestedBytes);
        Assert.Contains("errno 12", error.Message, StringComparison.Ordinal);
        Assert.IsType<OutOfMemoryException>(error, exactMatch: false);
    }

    [Fact]
    public void HeapSegment_ReadWriteDispose_BehavesAsOtherBackings()
    {
        // The backing of systems without a known mmap, run here too.
        var segment = new HeapSegment(1 << 16);
        var bytes = new Span<byte>(segment.Base, 1 << 16);

        Assert.Equal(0u, (nuint)segment.Base % 64);
        Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0));
        bytes.Fill(9);
        Assert.Equal(0, segment.Discard(0, 100));
        Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)9));
        Assert.Equal(0, segment.Discard(0, 1 << 16));
        Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0));
        Assert.Equal(SlabPages.Normal, segment.Pages);
        Assert.Equal(-1, segment.CountCommitted(1 << 16));
        GC.KeepAlive(segment);
        Assert.Throws<SlabAllocationException>(() => new HeapSegment(1L << 60));
    }

    [Fact]
    public void PinnedSegment_MoreThanAnArrayHolds_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PinnedSegment(1L << 40));

    private static bool WaitUntil(Func<bool> condition)
    {
        return SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60));
    }

    private static bool IsMapped(nuint address) => File.ReadLines("/proc/self/maps").Any(line =>
    {
        var range = line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal));
        var dash = range.IndexOf('-');
        return nuint.Parse(range[..dash], System.Globalization.NumberStyles.HexNumber, null) <= address
            && address < nuint.Parse(range[(dash + 1)..], System.Globalization.NumberStyles.HexNumber, null);
    });
}

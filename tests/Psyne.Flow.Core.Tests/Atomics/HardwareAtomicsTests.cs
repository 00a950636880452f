using Psyne.Flow.Atomics;

namespace Psyne.Flow.Tests.Atomics;

/// <summary>What each operation does to the word; that it orders memory as named is for the litmus tests.</summary>
public sealed class HardwareAtomicsTests
{
    private const long Wide = 0x0123_4567_89AB_CDEF;

    private long _long = 5;
    private int _int = 5;

    [Fact]
    public void Plain_StoreAndLoad_AnyUnmanagedType()
    {
        (int, double) pair = default;
        HardwareAtomics.StorePlain(ref pair, (7, 0.5));

        Assert.Equal((7, 0.5), HardwareAtomics.LoadPlain(in pair));
    }

    [Fact]
    public void ReleaseAndAcquire_StoreAndLoad()
    {
        HardwareAtomics.StoreRelease(ref _long, Wide);
        HardwareAtomics.StoreRelease(ref _int, -9);

        Assert.Equal(Wide, HardwareAtomics.LoadAcquire(in _long));
        Assert.Equal(-9, HardwareAtomics.LoadAcquire(in _int));
    }

    [Fact]
    public void CompareExchange_Equal_ReplacesAndReturnsTheOld()
    {
        Assert.Equal(5L, HardwareAtomics.CompareExchange(ref _long, Wide, 5));
        Assert.Equal(5, HardwareAtomics.CompareExchange(ref _int, 6, 5));
        Assert.Equal((Wide, 6), (_long, _int));
    }

    [Fact]
    public void CompareExchange_Different_OnlyReturnsTheOld()
    {
        Assert.Equal(5L, HardwareAtomics.CompareExchange(ref _long, Wide, 4));
        Assert.Equal(5, HardwareAtomics.CompareExchange(ref _int, 6, 4));
        Assert.Equal((5, 5), (_long, _int));
    }

    [Fact]
    public void Add_ReturnsTheNew()
    {
        Assert.Equal(Wide + 5, HardwareAtomics.Add(ref _long, Wide));
        Assert.Equal(-2, HardwareAtomics.Add(ref _int, -7));
        Assert.Equal((Wide + 5, -2), (_long, _int));
    }

    [Fact]
    public void FencesAndPause_LeaveTheWordsAlone()
    {
        HardwareAtomics.FullFence();
        HardwareAtomics.ProcessWideBarrier();
        HardwareAtomics.Pause();

        Assert.Equal((5, 5), (_long, _int));
    }

    [Fact]
    public void Park_WordHasChanged_ReturnsTrue_NobodyUnparks_ReturnsFalse()
    {
        int[] word = GC.AllocateArray<int>(1, pinned: true);
        HardwareAtomics.Unpark(ref word[0], int.MaxValue);

        Assert.True(HardwareAtomics.Park(ref word[0], expected: 1, timeoutMilliseconds: -1));
        Assert.False(HardwareAtomics.Park(ref word[0], expected: 0, timeoutMilliseconds: 0));
    }
}

using Xunit;

namespace Psyne.Flow.Tests.Memory;

public sealed class SlabOptionsTests
{
    private static long Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public static TheoryData<long> BadBytes => [0, -1, long.MinValue, long.MaxValue, Available + 1];

    public static TheoryData<int> BadFactors => [-1, int.MinValue, int.MaxValue, (int)(Available / SlabOptions.UnitBytes)];

    [Theory]
    [MemberData(nameof(BadBytes))]
    public void Bytes_OutOfRange_NamesValueAndBoundAndChangesNothing(long bytes)
    {
        var options = new SlabOptions { Bytes = 128 };

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => options.Bytes = bytes);
        Assert.Contains($"{bytes}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{Available}", error.Message, StringComparison.Ordinal);
        Assert.Equal(128, options.Bytes);
    }

    [Theory]
    [MemberData(nameof(BadFactors))]
    public void SizeFactor_OutOfRange_NamesValueAndBoundAndChangesNothing(int factor)
    {
        var options = new SlabOptions { SizeFactor = 1 };

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => options.SizeFactor = factor);
        Assert.Contains($"{factor}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{Available}", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, options.SizeFactor);
    }

    [Fact]
    public void Backing_Unknown_IsRefused()
    {
        var options = new SlabOptions();
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => options.Backing = (SlabBacking)7);
        Assert.Contains("7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Allocate_NoSizeOrTwo_SaysWhichWereGiven()
    {
        var none = Assert.Throws<ArgumentException>(() => Slab.Allocate(new SlabOptions()));
        Assert.Contains("Bytes is not given and SizeFactor is not given", none.Message, StringComparison.Ordinal);

        var two = Assert.Throws<ArgumentException>(() => Slab.Allocate(new SlabOptions { Bytes = 64, SizeFactor = 3 }));
        Assert.Contains("Bytes is 64 and SizeFactor is 3", two.Message, StringComparison.Ordinal);

        Assert.Throws<ArgumentNullException>(() => Slab.Allocate(null!));
    }

    [Fact]
    public void Allocate_OptionsChangedLater_KeepsItsOwn()
    {
        var options = new SlabOptions { Bytes = 64 };
        using var slab = Slab.Allocate(options);
        options.Bytes = 6400;
        options.Backing = SlabBacking.PinnedArray;

        Assert.Equal(64, slab.Length);
        Assert.Equal(SlabBacking.Native, slab.Backing);
    }
}

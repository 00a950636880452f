using Xunit;

namespace Psyne.Flow.Tests.Memory;

public sealed class SlabPoolTests
{
    private static SlabPoolOptions Options(int minimum, int maximum) =>
        new() { Slab = new SlabOptions { Bytes = 4096 }, MinimumSlabs = minimum, MaximumSlabs = maximum };

    [Fact]
    public void Rent_AboveHighWaterMark_GrowsByOneAheadOfNeed()
    {
        using var pool = new SlabPool(Options(4, 8));
        for (var i = 0; i < 3; i++)
        {
            pool.Rent();
        }

        Assert.Equal((4, 3, 0L), (pool.Total, pool.Rented, pool.Grown)); // 3 of 4 is the mark, not above it
        pool.Rent();
        Assert.Equal((5, 4, 1L), (pool.Total, pool.Rented, pool.Grown));
    }

    [Fact]
    public void Rent_AllInRent_FailsNamingTheMaximum()
    {
        using var pool = new SlabPool(Options(0, 2));
        Assert.Equal(0, pool.Total);
        Assert.True(pool.TryRent(out var first));
        Assert.True(pool.TryRent(out var second));
        Assert.NotSame(first, second);

        Assert.False(pool.TryRent(out var none));
        Assert.Null(none);
        var error = Assert.Throws<InvalidOperationException>(pool.Rent);
        Assert.Contains("All 2 slabs", error.Message, StringComparison.Ordinal);
        Assert.Equal((2, 2), (pool.Total, pool.Rented));
    }

    [Fact]
    public void Return_BelowLowWaterMark_GivesIdleSlabsBackToTheMinimum()
    {
        using var pool = new SlabPool(Options(2, 16));
        var slabs = Enumerable.Range(0, 16).Select(_ => pool.Rent()).ToArray();
        Assert.Equal(16, pool.Total);

        foreach (var slab in slabs)
        {
            pool.Return(slab);
        }

        Assert.InRange(pool.Total, 2, 16);
        for (var i = 0; i < 32; i++)
        {
            pool.Return(pool.Rent());
        }

        Assert.Equal(2, pool.Total);
        Assert.Equal(14, pool.Shrunk);
        Assert.Equal(14, pool.Grown);
        Assert.Equal(2, slabs.Count(slab => !slab.IsDisposed));
    }

    [Fact]
    public void RentReturn_OneSlabAtATime_DoesNotGrowAndShrinkForEver()
    {
        using var pool = new SlabPool(Options(1, 4));
        for (var i = 0; i < 100; i++)
        {
            pool.Return(pool.Rent());
        }

        Assert.Equal((2, 1L, 0L), (pool.Total, pool.Grown, pool.Shrunk));
    }

    [Fact]
    public void Rent_AfterReturn_GivesTheWarmestSlab()
    {
        using var pool = new SlabPool(Options(4, 4));
        var slab = pool.Rent();
        pool.Return(slab);
        Assert.Same(slab, pool.Rent());
    }

    [Fact]
    public void Return_TwiceOrForeign_NamesTheSlabAndChangesNothing()
    {
        using var pool = new SlabPool(Options(4, 4));
        using var foreign = Slab.Allocate(new SlabOptions { Bytes = 64 });
        var slab = pool.Rent();
        pool.Return(slab);
        var before = pool.ToString();

        var twice = Assert.Throws<SlabPoolException>(() => pool.Return(slab));
        Assert.Contains($"Slab {slab.Id} ", twice.Message, StringComparison.Ordinal);
        Assert.Contains("returned to the pool before", twice.Message, StringComparison.Ordinal);
        var other = Assert.Throws<SlabPoolException>(() => pool.Return(foreign));
        Assert.Contains($"Slab {foreign.Id} ", other.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => pool.Return(null!));
        Assert.Equal(before, pool.ToString());
        Assert.False(slab.IsDisposed);
    }

    [Fact]
    public void Return_SlabThatItsRenterDisposed_LeavesThePool()
    {
        using var pool = new SlabPool(Options(2, 2));
        var slab = pool.Rent();
        slab.Dispose();
        pool.Return(slab);

        Assert.Equal((1, 0, 1L), (pool.Total, pool.Rented, pool.Shrunk));
        Assert.False(pool.Rent().IsDisposed);
        Assert.False(pool.Rent().IsDisposed);
    }

    [Fact]
    public void Dispose_SlabsInRent_AreDisposedOnReturn()
    {
        var pool = new SlabPool(Options(3, 3));
        var rented = pool.Rent();
        var idle = pool.Rent();
        pool.Return(idle);

        pool.Dispose();
        pool.Dispose();

        Assert.True(idle.IsDisposed);
        Assert.False(rented.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => pool.TryRent(out _));
        Assert.Throws<ObjectDisposedException>(pool.Rent);
        pool.Return(rented);
        Assert.True(rented.IsDisposed);
        Assert.Equal((0, 0), (pool.Total, pool.Rented));
        Assert.Throws<SlabPoolException>(() => pool.Return(rented));
        Assert.Contains("disposed", pool.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_Bad_NameValueAndBound()
    {
        var options = new SlabPoolOptions();
        Assert.Throws<ArgumentNullException>(() => options.Slab = null!);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.MinimumSlabs = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.MaximumSlabs = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.HighWaterMark = 1.01);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.LowWaterMark = -0.01);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => options.LowWaterMark = double.NaN);
        Assert.Contains("between 0 and 1", error.Message, StringComparison.Ordinal);

        Assert.Throws<ArgumentNullException>(() => new SlabPool(null!));
        var minimum = Assert.Throws<ArgumentException>(() => new SlabPool(Options(5, 4)));
        Assert.Contains("MinimumSlabs (5)", minimum.Message, StringComparison.Ordinal);
        var marks = Assert.Throws<ArgumentException>(() => new SlabPool(new SlabPoolOptions { LowWaterMark = 0.5, HighWaterMark = 0.5 }));
        Assert.Contains("LowWaterMark (0.5)", marks.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SlabPool(new SlabPoolOptions { Slab = new SlabOptions() }));
    }

    [Fact]
    public void RentReturn_FourThreads_NoSlabInTwoHands()
    {
        using var pool = new SlabPool(Options(1, 6));
        var failures = 0;
        var threads = Enumerable.Range(1, 4).Select(id => new Thread(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                if (!pool.TryRent(out var slab))
                {
                    continue;
                }

                slab.AsSpan(0, 4096).Fill((byte)id);
                Thread.Yield();
                if (slab.AsSpan(0, 4096).IndexOfAnyExcept((byte)id) >= 0)
                {
                    Interlocked.Increment(ref failures);
                }

                pool.Return(slab);
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(0, failures);
        Assert.Equal(0, pool.Rented);
        Assert.Equal(1 + pool.Grown - pool.Shrunk, pool.Total);
    }
}

using FsCheck;
using FsCheck.Fluent;
using Psyne.Flow.Diagnostics;
using Xunit;

namespace Psyne.Flow.Tests.Diagnostics;

public sealed class LatencyHistogramTests
{
    private static readonly Gen<long> s_values =
        from bits in Gen.Choose(0, 61)
        from low in Gen.Choose(0, int.MaxValue)
        from high in Gen.Choose(0, int.MaxValue)
        select ((long)high << 31 | (uint)low) & ((2L << bits) - 1);

    [Fact]
    public void Buckets_WholeScale_JoinWithoutGapsAndAreNarrow()
    {
        Assert.Equal(0, LatencyBuckets.Lowest(0));
        for (var i = 0; i < LatencyBuckets.Count; i++)
        {
            var (lowest, highest) = (LatencyBuckets.Lowest(i), LatencyBuckets.Highest(i));
            Assert.Equal(i, LatencyBuckets.IndexOf(lowest));
            Assert.Equal(i, LatencyBuckets.IndexOf(highest));
            Assert.True(i == 0 || LatencyBuckets.Highest(i - 1) + 1 == lowest);
            Assert.True(highest - lowest <= lowest / 32, $"Bucket {i}: {lowest} to {highest}.");
        }

        Assert.Equal(LatencyHistogram.MaxValue, LatencyBuckets.Highest(LatencyBuckets.Count - 1));
    }

    [Fact]
    public void Percentile_AnyValues_IsWithinOne32ndAboveTheSortedValue() =>
        Prop.ForAll(s_values.ListOf().ToArbitrary(), Gen.Choose(0, 1000).ToArbitrary(), (list, permille) =>
        {
            var sorted = list.Order().ToArray();
            var histogram = new LatencyHistogram();
            foreach (var value in list)
            {
                histogram.Record(value);
            }

            var snapshot = histogram.Snapshot();
            if (sorted.Length == 0)
            {
                return snapshot.Percentile(permille / 10.0) == 0 && snapshot is { Count: 0, Min: 0, Max: 0, Mean: 0 };
            }

            var percent = permille / 10.0;
            var exact = sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * sorted.Length), 1, sorted.Length) - 1];
            var told = snapshot.Percentile(percent);
            var mean = sorted.Average(value => (double)value);
            return told >= exact && told - exact <= exact / 32
                && snapshot.Min == sorted[0] && snapshot.Max == sorted[^1]
                && snapshot.Count == sorted.Length && histogram.Count == sorted.Length
                && snapshot.Percentile(0) == sorted[0] && snapshot.Percentile(100) == sorted[^1]
                && Math.Abs(snapshot.Mean - mean) <= mean / 64 + 1e-9;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Merge_AnyTwo_IsAsIfRecordedInOne() =>
        Prop.ForAll(s_values.ListOf().ToArbitrary(), s_values.ListOf().ToArbitrary(), (left, right) =>
        {
            var (a, b, all) = (Of(left), Of(right), Of([.. left, .. right]));
            var snapshot = a.Snapshot().Merge(b.Snapshot());
            a.Merge(b);
            return Same(snapshot, all.Snapshot()) && Same(a.Snapshot(), all.Snapshot());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Record_FromFourThreads_LosesNothing()
    {
        var histogram = new LatencyHistogram();
        var threads = Enumerable.Range(0, 4).Select(id => new Thread(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                histogram.Record(i % 1000 + id * 1000);
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        var snapshot = histogram.Snapshot();
        Assert.Equal(400_000, snapshot.Count);
        Assert.Equal((0, 3999), (snapshot.Min, snapshot.Max));
        Assert.InRange(snapshot.Percentile(50), 1999, 2063);
        Assert.InRange(snapshot.Mean, 1999.5 * 63 / 64, 1999.5 * 65 / 64);
    }

    [Fact]
    public void Record_InSteadyState_AllocatesNothing()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            histogram.Record(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData((1L << 62) + 1)]
    public void Record_OutOfRange_NamesValueAndBoundAndCountsNothing(long value)
    {
        var histogram = new LatencyHistogram();
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Record(value));
        Assert.Contains($"{value} was given", error.Message, StringComparison.Ordinal);
        Assert.Contains("4611686018427387904", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, histogram.Count);
        Assert.Equal(0, histogram.Snapshot().Max);
    }

    [Fact]
    public void Record_Counts_AreTaken()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(5, 3);
        histogram.Record(9, 0);
        histogram.Record(LatencyHistogram.MaxValue);
        Assert.Equal((4, 5, LatencyHistogram.MaxValue), (histogram.Count, histogram.Snapshot().Min, histogram.Snapshot().Max));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Record(1, -1));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void Percentile_OutOfRange_IsRefused(double percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Snapshot().Percentile(percent));

    [Fact]
    public void Merge_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new LatencyHistogram().Merge((LatencyHistogram)null!));
        Assert.Throws<ArgumentNullException>(() => new LatencyHistogram().Merge((LatencySnapshot)null!));
        Assert.Throws<ArgumentNullException>(() => new LatencyHistogram().Snapshot().Merge(null!));
    }

    [Fact]
    public void ToString_GivesTheTail()
    {
        Assert.Equal("no values", new LatencyHistogram().ToString());
        Assert.Equal("63 values, p50 32, p99 63, p99.9 63, max 63", Of(Enumerable.Range(1, 63).Select(i => (long)i)).ToString());
    }

    private static LatencyHistogram Of(IEnumerable<long> values)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in values)
        {
            histogram.Record(value);
        }

        return histogram;
    }

    private static bool Same(LatencySnapshot a, LatencySnapshot b) =>
        a.Counts.SequenceEqual(b.Counts) && (a.Count, a.Min, a.Max) == (b.Count, b.Min, b.Max);
}

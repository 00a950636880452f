using System.Diagnostics;
using System.Globalization;

namespace Psyne.Flow.Diagnostics;

/// <summary>What a <see cref="LatencyHistogram"/> held at one time. Immutable, thread-safe; about 15 KB.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class LatencySnapshot
{
    private readonly long[] _counts;

    internal LatencySnapshot(long[] counts, long min, long max)
    {
        _counts = counts;
        foreach (var count in counts)
        {
            Count += count;
        }

        (Min, Max) = Count == 0 ? (0, 0) : (min, max);
    }

    /// <summary>Gets how many values were recorded.</summary>
    public long Count { get; }

    /// <summary>Gets the smallest value, exactly; 0 without values.</summary>
    public long Min { get; }

    /// <summary>Gets the largest value, exactly; 0 without values.</summary>
    public long Max { get; }

    /// <summary>Gets the mean, from the middles of the buckets: off by at most 1/64 of itself. 0 without values.</summary>
    public double Mean
    {
        get
        {
            double sum = 0;
            for (var i = 0; i < _counts.Length; i++)
            {
                if (_counts[i] != 0)
                {
                    sum += _counts[i] * (LatencyBuckets.Lowest(i) / 2.0 + LatencyBuckets.Highest(i) / 2.0);
                }
            }

            return Count == 0 ? 0 : Math.Clamp(sum / Count, Min, Max);
        }
    }

    internal ReadOnlySpan<long> Counts => _counts;

    /// <summary>
    /// Gets the value that a share of all values does not exceed: the largest value of its bucket, so never less than
    /// the exact one and above it by less than 1/32. Takes a walk over the buckets; allocates nothing.
    /// </summary>
    /// <param name="percent">0 to 100; 50 is the median, 0 gives <see cref="Min"/>, 100 gives <see cref="Max"/>.</param>
    /// <returns>The value; 0 without values.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> does not lie between 0 and 100.</exception>
    public long Percentile(double percent)
    {
        if (percent is not (>= 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percent), percent, $"A percentile must lie between 0 and 100; {percent} was given.");
        }

        // Nearest rank: the smallest value with at least this share of all at or below it.
        var rank = Math.Clamp((long)Math.Ceiling(percent / 100 * Count), 1, Math.Max(1, Count));
        if (percent == 0 || Count == 0)
        {
            return Min;
        }

        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Math.Clamp(LatencyBuckets.Highest(i), Min, Max);
            }
        }

        return Max;
    }

    /// <summary>Adds two snapshots up, as if all values had been recorded in one. Allocates the result.</summary>
    /// <param name="other">The other one; neither changes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    public LatencySnapshot Merge(LatencySnapshot other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Count == 0 || other.Count == 0)
        {
            return Count == 0 ? other : this;
        }

        var counts = (long[])_counts.Clone();
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += other._counts[i];
        }

        return new LatencySnapshot(counts, Math.Min(Min, other.Min), Math.Max(Max, other.Max));
    }

    /// <summary>Gives count, p50, p99, p99.9 and max on one line, in the unit of the recorded values.</summary>
    public override string ToString() => Count == 0
        ? "no values"
        : string.Create(CultureInfo.InvariantCulture, $"{Count} values, p50 {Percentile(50)}, p99 {Percentile(99)}, p99.9 {Percentile(99.9)}, max {Max}");
}

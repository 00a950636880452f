#pragma warning disable RS0030 // counters: each counts for itself, and nothing else is published by them
using System.Diagnostics;

namespace Psyne.Flow.Diagnostics;

/// <summary>
/// Counts latencies on a log scale: any number of values from 0 to 2^62 in fixed memory (about 15 KB), told apart to
/// within 1/32 of themselves. The unit is the caller's: nanoseconds, or ticks of a clock.
/// </summary>
/// <remarks>Thread-safe and lock-free; recording allocates nothing. A reading while others record counts each
/// of their values wholly or not at all.</remarks>
/// <example><code>
/// var histogram = new LatencyHistogram();
/// histogram.Record(nanoseconds);
/// Console.WriteLine(histogram.Snapshot()); // 1000 values, p50 51, p99 79, p99.9 127, max 24310
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class LatencyHistogram
{
    /// <summary>The largest value that can be recorded: 2^62 (146 years, in nanoseconds).</summary>
    public const long MaxValue = LatencyBuckets.MaxValue;

    private readonly long[] _counts = new long[LatencyBuckets.Count];
    private long _min = long.MaxValue;
    private long _max = long.MinValue;

    /// <summary>Gets how many values were recorded. Takes a walk over the buckets.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            for (var i = 0; i < _counts.Length; i++)
            {
                count += Volatile.Read(ref _counts[i]);
            }

            return count;
        }
    }

    /// <summary>Records one value. Allocates nothing and never waits: one locked increment, more for a new extreme.</summary>
    /// <param name="value">From 0 to <see cref="MaxValue"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is negative or larger. Nothing is counted.</exception>
    public void Record(long value) => Record(value, 1);

    /// <summary>Records a value a number of times. Allocates nothing and never waits.</summary>
    /// <param name="value">From 0 to <see cref="MaxValue"/>.</param>
    /// <param name="count">How often; 0 records nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range, or the count is negative. Nothing is counted.</exception>
    public void Record(long value, long count)
    {
        if ((ulong)value > MaxValue)
        {
            ThrowValue(value);
        }

        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
        {
            return;
        }

        // The extremes go first: a snapshot reads them last, so they cover every value that it counts.
        Widen(value, value);
        Interlocked.Add(ref _counts[LatencyBuckets.IndexOf(value)], count);
    }

    /// <summary>Adds all that another histogram holds. Both may be recorded to meanwhile.</summary>
    /// <param name="other">The other histogram, which does not change.</param>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    public void Merge(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Merge(other.Snapshot());
    }

    /// <summary>Adds all that a snapshot holds. Allocates nothing.</summary>
    /// <param name="snapshot">The values to add.</param>
    /// <exception cref="ArgumentNullException"><paramref name="snapshot"/> is null.</exception>
    public void Merge(LatencySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (snapshot.Count == 0)
        {
            return;
        }

        Widen(snapshot.Min, snapshot.Max);
        var counts = snapshot.Counts;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] != 0)
            {
                Interlocked.Add(ref _counts[i], counts[i]);
            }
        }
    }

    /// <summary>Takes what the histogram holds now, for reading. Allocates about 15 KB.</summary>
    public LatencySnapshot Snapshot()
    {
        var counts = new long[LatencyBuckets.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Volatile.Read(ref _counts[i]);
        }

        return new LatencySnapshot(counts, Volatile.Read(ref _min), Volatile.Read(ref _max));
    }

    /// <summary>Gives count, p50, p99, p99.9 and max on one line. Takes a snapshot.</summary>
    public override string ToString() => Snapshot().ToString();

    private void Widen(long min, long max)
    {
        for (var seen = Volatile.Read(ref _min); min < seen;)
        {
            seen = Interlocked.CompareExchange(ref _min, min, seen) is var found && found == seen ? min : found;
        }

        for (var seen = Volatile.Read(ref _max); max > seen;)
        {
            seen = Interlocked.CompareExchange(ref _max, max, seen) is var found && found == seen ? max : found;
        }
    }

    private static void ThrowValue(long value) => throw new ArgumentOutOfRangeException(nameof(value), value,
        $"A latency must lie between 0 and 2^62 ({MaxValue}); {value} was given.");
}

using System.Numerics;

namespace Psyne.Flow.Diagnostics;

/// <summary>
/// The log scale of the histograms: values below 64 have buckets of their own; from there every power of two is cut
/// into 32 equal buckets, so that a bucket is never wider than 1/32 of its smallest value.
/// </summary>
/// <remarks>After HdrHistogram (Gil Tene), with 5 bits of precision.</remarks>
internal static class LatencyBuckets
{
    internal const int MinorBits = 5;
    internal const int Minors = 1 << MinorBits;
    internal const long MaxValue = 1L << 62;

    /// <summary>How many buckets there are: 1,857, with one for <see cref="MaxValue"/>.</summary>
    internal const int Count = (62 - MinorBits + 1) * Minors + 1;

    /// <summary>The bucket of a value from 0 to <see cref="MaxValue"/>.</summary>
    internal static int IndexOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value) - MinorBits);
        return (shift << MinorBits) + (int)(value >> shift);
    }

    /// <summary>The smallest value in a bucket.</summary>
    internal static long Lowest(int index)
    {
        var shift = Math.Max(0, (index >> MinorBits) - 1);
        return (long)(index - (shift << MinorBits)) << shift;
    }

    /// <summary>The largest value in a bucket.</summary>
    internal static long Highest(int index) => index == Count - 1 ? MaxValue : Lowest(index + 1) - 1;
}

using System.Numerics;

namespace Psyne.Flow.Peers.Running;

/// <summary>
/// Log-scale counts of nanoseconds: 64 steps to each doubling, so a percentile is right to about 1.6%.
/// bench/native/psyne_limits.h has the same layout, because the C limits fill the same array.
/// </summary>
internal sealed class Histogram
{
    public const int SubBits = 6;
    public const int Buckets = (64 - SubBits + 1) << SubBits;

    private readonly ulong[] counts = new ulong[Buckets];

    /// <summary>The raw counts, for native code to fill.</summary>
    public Span<ulong> Counts => counts;

    public ulong Longest { get; set; }

    public void Record(ulong nanoseconds)
    {
        counts[Bucket(nanoseconds)]++;
        Longest = Math.Max(Longest, nanoseconds);
    }

    /// <summary>The value below which this share of the records lies (the middle of its bucket).</summary>
    public double Percentile(double share)
    {
        ulong total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        var rank = (ulong)Math.Ceiling(share * total);
        ulong seen = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            seen += counts[bucket];
            if (seen >= rank && counts[bucket] != 0)
            {
                return Math.Min((Lower(bucket) + Lower(bucket + 1) - 1) / 2.0, Longest);
            }
        }

        return Longest;
    }

    private static int Bucket(ulong value)
    {
        if (value < 1UL << SubBits)
        {
            return (int)value;
        }

        var exponent = 63 - BitOperations.LeadingZeroCount(value) - SubBits;
        return (exponent << SubBits) + (int)(value >> exponent);
    }

    private static double Lower(int bucket)
    {
        if (bucket < 1 << (SubBits + 1))
        {
            return bucket;
        }

        var exponent = (bucket >> SubBits) - 1;
        return Math.ScaleB((bucket & ((1 << SubBits) - 1)) + (1 << SubBits), exponent);
    }
}

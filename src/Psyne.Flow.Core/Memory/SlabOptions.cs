using Psyne.Flow.Memory;

namespace Psyne.Flow;

/// <summary>How large a <see cref="Slab"/> is and where it lies. Values are checked when they are set.</summary>
/// <remarks>
/// Exactly one of <see cref="Bytes"/> and <see cref="SizeFactor"/> is given. Both are refused above the memory that
/// the process may use (<see cref="GCMemoryInfo.TotalAvailableMemoryBytes"/>: the machine's, or the container's
/// limit as the runtime applies it), although pages are only committed when touched: a slab is meant to be filled,
/// and one that cannot be must fail here, not by a killed process later. Not thread-safe; a slab copies its options.
/// </remarks>
/// <example><code>using var slab = Slab.Allocate(new SlabOptions { SizeFactor = 1, HugePages = true }); // 64 MiB</code></example>
public sealed class SlabOptions
{
    /// <summary>The unit of <see cref="SizeFactor"/>: 32 MiB, in bytes.</summary>
    public const long UnitBytes = 32L << 20;

    private SlabBacking _backing;
    private long? _bytes;
    private int? _sizeFactor;

    /// <summary>Gets or sets the kind of memory. Native by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration's.</exception>
    public SlabBacking Backing
    {
        get => _backing;
        set
        {
            if (value is not (SlabBacking.Native or SlabBacking.PinnedArray))
            {
                SlabThrow.UnknownBacking(value);
            }

            _backing = value;
        }
    }

    /// <summary>Gets or sets the exact length in bytes, which the slab rounds up to a multiple of 64; null to go by <see cref="SizeFactor"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is 0, negative, or more than the memory that the process may use.</exception>
    public long? Bytes
    {
        get => _bytes;
        set
        {
            if (value is { } bytes && (bytes <= 0 || bytes > AvailableBytes))
            {
                SlabThrow.BytesOutOfRange(bytes, AvailableBytes);
            }

            _bytes = value;
        }
    }

    /// <summary>Gets or sets the length in units: n reserves (n + 1) x 32 MiB; null to go by <see cref="Bytes"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or asks for more than the memory that the process may use.</exception>
    public int? SizeFactor
    {
        get => _sizeFactor;
        set
        {
            if (value is { } factor && (factor < 0 || (factor + 1L) * UnitBytes > AvailableBytes))
            {
                SlabThrow.SizeFactorOutOfRange(factor, AvailableBytes);
            }

            _sizeFactor = value;
        }
    }

    /// <summary>
    /// Gets or sets whether the slab asks the system for huge pages; <see cref="Slab.Pages"/> says what it got.
    /// No effect on a pinned array.
    /// </summary>
    public bool HugePages { get; set; }

    internal static long AvailableBytes
    {
        get
        {
            var bytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            return bytes > 0 ? bytes : long.MaxValue - UnitBytes;
        }
    }

    internal SlabOptions Copy() => (SlabOptions)MemberwiseClone();

    /// <summary>The length in bytes, a multiple of 64; refuses options that give none or two.</summary>
    internal long ResolveLength() => (_bytes, _sizeFactor) switch
    {
        ({ } bytes, null) => (bytes + 63) & ~63L,
        (null, { } factor) => (factor + 1L) * UnitBytes,
        _ => RefuseSize(),
    };

    private long RefuseSize()
    {
        SlabThrow.SizeNotGivenOnce(this);
        return 0;
    }
}

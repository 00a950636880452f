using System.Diagnostics.CodeAnalysis;

namespace Psyne.Flow;

/// <summary>How many slabs a <see cref="SlabPool"/> holds, and when it grows and shrinks. Values are checked when they
/// are set, and against each other when a pool is made of them. Not thread-safe; a pool copies its options.</summary>
public sealed class SlabPoolOptions
{
    private SlabOptions _slab = new() { SizeFactor = 0 };
    private int _minimumSlabs = 1;
    private int _maximumSlabs = 64;
    private double _highWaterMark = 0.75;
    private double _lowWaterMark = 0.25;

    /// <summary>Gets or sets the options of every slab of the pool. By default one unit of native memory, 32 MiB.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public SlabOptions Slab
    {
        get => _slab;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _slab = value;
        }
    }

    /// <summary>Gets or sets how many slabs the pool holds at least, from its start on. 1 by default; 0 is allowed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MinimumSlabs
    {
        get => _minimumSlabs;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _minimumSlabs = value;
        }
    }

    /// <summary>Gets or sets how many slabs the pool holds at most, rented and idle together. 64 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is 0 or negative.</exception>
    public int MaximumSlabs
    {
        get => _maximumSlabs;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _maximumSlabs = value;
        }
    }

    /// <summary>Gets or sets the share of slabs in rent above which the pool grows by one, ahead of need. 0.75 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value does not lie between 0 and 1.</exception>
    public double HighWaterMark
    {
        get => _highWaterMark;
        set => _highWaterMark = CheckShare(value);
    }

    /// <summary>Gets or sets the share of slabs in rent below which the pool gives an idle one back. 0.25 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value does not lie between 0 and 1.</exception>
    public double LowWaterMark
    {
        get => _lowWaterMark;
        set => _lowWaterMark = CheckShare(value);
    }

    internal SlabPoolOptions Copy()
    {
        if (_minimumSlabs > _maximumSlabs)
        {
            Refuse($"{nameof(MinimumSlabs)} ({_minimumSlabs}) must not be above {nameof(MaximumSlabs)} ({_maximumSlabs}).");
        }

        if (_lowWaterMark >= _highWaterMark)
        {
            Refuse($"{nameof(LowWaterMark)} ({_lowWaterMark}) must be below {nameof(HighWaterMark)} ({_highWaterMark}).");
        }

        var copy = (SlabPoolOptions)MemberwiseClone();
        copy._slab = _slab.Copy();
        _ = copy._slab.ResolveLength();
        return copy;
    }

    private static double CheckShare(double value) => value is >= 0 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"A water mark is a share of the slabs and must lie between 0 and 1; {value} was given.");

    [DoesNotReturn]
    private static void Refuse(string text) => throw new ArgumentException(text);
}

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Psyne.Flow.Memory;

/// <summary>The errors of slabs, each with the value and the bound in its text; out of line, so that callers inline.</summary>
[StackTraceHidden]
internal static class SlabThrow
{
    [DoesNotReturn]
    internal static void BytesOutOfRange(long value, long bound) =>
        throw new ArgumentOutOfRangeException(nameof(value), value,
            $"The bytes of a slab must lie between 1 and {bound} (the memory that this process may use); {value} were asked for.");

    [DoesNotReturn]
    internal static void SizeFactorOutOfRange(int value, long bound) =>
        throw new ArgumentOutOfRangeException(nameof(value), value,
            $"The size factor n of a slab reserves (n + 1) x 32 MiB and must lie between 0 and {bound / SlabOptions.UnitBytes - 1} (the memory that this process may use is {bound} bytes); {value} was given.");

    [DoesNotReturn]
    internal static void UnknownBacking(SlabBacking value) =>
        throw new ArgumentOutOfRangeException(nameof(value), value,
            $"The backing of a slab must be {nameof(SlabBacking.Native)} or {nameof(SlabBacking.PinnedArray)}; {(int)value} is neither.");

    [DoesNotReturn]
    internal static void SizeNotGivenOnce(SlabOptions options) =>
        throw new ArgumentException(
            $"A slab's size is given by exactly one of Bytes and SizeFactor; here Bytes is {Text(options.Bytes)} and SizeFactor is {Text(options.SizeFactor)}.",
            nameof(options));

    [DoesNotReturn]
    internal static void RangeOutsideSlab(long offset, long length, long slabLength)
    {
        if (offset < 0 || offset > slabLength)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset,
                $"The offset must lie between 0 and the slab's {slabLength} bytes; {offset} was given.");
        }

        throw new ArgumentOutOfRangeException(nameof(length), length,
            $"At offset {offset} of a slab of {slabLength} bytes the length must lie between 0 and {slabLength - offset}; {length} was given.");
    }

    [DoesNotReturn]
    internal static void Disposed(Slab slab) => throw new ObjectDisposedException(slab.ToString());

    private static string Text<T>(T? value) where T : struct => value is { } given ? given.ToString()! : "not given";
}

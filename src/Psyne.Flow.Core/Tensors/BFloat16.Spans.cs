using System.Numerics;
using System.Runtime.InteropServices;

namespace Psyne.Flow;

/// <content>Conversion of whole spans, with the vectors of the machine; bit for bit what the operators give.</content>
public readonly partial struct BFloat16
{
    /// <summary>Rounds floats to the nearest, ties to even. Allocates nothing.</summary>
    /// <param name="source">The floats.</param>
    /// <param name="destination">As many numbers as <paramref name="source"/> has, or more; those behind are left alone.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter. Nothing is written.</exception>
    /// <remarks>The spans must not overlap.</remarks>
    public static void ConvertFromSingle(ReadOnlySpan<float> source, Span<BFloat16> destination)
    {
        CheckLengths(source.Length, destination.Length);
        var bits = MemoryMarshal.Cast<float, uint>(source);
        var numbers = MemoryMarshal.Cast<BFloat16, ushort>(destination);
        var done = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; done <= source.Length - Vector<ushort>.Count; done += Vector<ushort>.Count)
            {
                var low = Round(new Vector<uint>(bits[done..]));
                var high = Round(new Vector<uint>(bits[(done + Vector<uint>.Count)..]));
                Vector.Narrow(low, high).CopyTo(numbers[done..]);
            }
        }

        for (; done < source.Length; done++)
        {
            destination[done] = (BFloat16)source[done];
        }
    }

    /// <summary>Widens numbers to floats. Allocates nothing.</summary>
    /// <param name="source">The numbers.</param>
    /// <param name="destination">As many floats as <paramref name="source"/> has numbers, or more; those behind are left alone.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter. Nothing is written.</exception>
    /// <remarks>The spans must not overlap.</remarks>
    public static void ConvertToSingle(ReadOnlySpan<BFloat16> source, Span<float> destination)
    {
        CheckLengths(source.Length, destination.Length);
        var numbers = MemoryMarshal.Cast<BFloat16, ushort>(source);
        var bits = MemoryMarshal.Cast<float, uint>(destination);
        var done = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; done <= source.Length - Vector<ushort>.Count; done += Vector<ushort>.Count)
            {
                Vector.Widen(new Vector<ushort>(numbers[done..]), out var low, out var high);
                (low << 16).CopyTo(bits[done..]);
                (high << 16).CopyTo(bits[(done + Vector<uint>.Count)..]);
            }
        }

        for (; done < source.Length; done++)
        {
            destination[done] = source[done];
        }
    }

    /// <summary>The scalar conversion, for the low 16 bits of each element.</summary>
    private static Vector<uint> Round(Vector<uint> bits)
    {
        var upper = bits >>> 16;
        var rounded = (bits + new Vector<uint>(0x7FFF) + (upper & Vector<uint>.One)) >>> 16;
        var isNaN = Vector.GreaterThan(bits & new Vector<uint>(0x7FFF_FFFF), new Vector<uint>(0x7F80_0000));
        return Vector.ConditionalSelect(isNaN, upper | new Vector<uint>(QuietBit), rounded);
    }

    private static void CheckLengths(int source, int destination)
    {
        if (destination < source)
        {
            throw new ArgumentException($"The destination holds {destination} numbers; {source} are to be written.", nameof(destination));
        }
    }
}

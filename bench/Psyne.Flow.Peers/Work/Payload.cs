using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Psyne.Flow.Peers.Work;

/// <summary>
/// A large message as bytes. Two kinds of work: <em>stamped</em> (first and last word only, so that what is timed is
/// the hand-off), and <em>touched</em> (the producer writes every byte and the consumer reads every byte).
/// The two are different cases and never mixed.
/// </summary>
internal static class Payload
{
    /// <summary>Writes the payload. Its length is a multiple of 256 bytes, and at least that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> bytes, ulong stamp, bool touch)
    {
        if (touch)
        {
            Fill(bytes, stamp);
        }
        else
        {
            MemoryMarshal.Write(bytes, in stamp);
            MemoryMarshal.Write(bytes[^sizeof(ulong)..], in stamp);
        }
    }

    /// <summary>Reads the payload; returns its stamp, or 0 if it is damaged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<byte> bytes, bool touch)
    {
        if (touch)
        {
            return Sum(bytes);
        }

        var stamp = MemoryMarshal.Read<ulong>(bytes);
        return stamp == MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..]) ? stamp : 0;
    }

    /// <summary>Word i becomes stamp + i: unique for every message, with a sum that is known in closed form.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(Span<byte> bytes, ulong stamp)
    {
        ref var word = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, ulong>(bytes));
        var words = (nuint)bytes.Length / sizeof(ulong);
        var value = Vector512.Create(stamp) + Vector512<ulong>.Indices;
        var eight = Vector512.Create(8UL);
        for (nuint i = 0; i < words; i += 8)
        {
            value.StoreUnsafe(ref word, i);
            value += eight;
        }
    }

    /// <summary>Adds up all words in four independent chains and compares with the closed form.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ref var word = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, ulong>(bytes));
        var words = (nuint)bytes.Length / sizeof(ulong);
        var a = Vector512<ulong>.Zero;
        var b = a;
        var c = a;
        var d = a;
        for (nuint i = 0; i < words; i += 32)
        {
            a += Vector512.LoadUnsafe(ref word, i);
            b += Vector512.LoadUnsafe(ref word, i + 8);
            c += Vector512.LoadUnsafe(ref word, i + 16);
            d += Vector512.LoadUnsafe(ref word, i + 24);
        }

        var stamp = word;
        var expected = unchecked(words * stamp + words * (words - 1) / 2);
        return Vector512.Sum(a + b + (c + d)) == expected ? stamp : 0;
    }
}

using System.Runtime.CompilerServices;
using Psyne.Flow.Memory;

namespace Psyne.Flow.Rings;

/// <summary>
/// The slots of a ring: each a 64-bit word and a message, in one cache line when the message has up to 56 bytes.
/// </summary>
/// <remarks>
/// <code>
/// slot of position p, at (p mod capacity) * Stride
/// +0  word   0: never used | p+1: published, or taken and not released | -(p+1): released (competing consumers only)
///            (one producer and one consumer: see <see cref="PairedProducer{T, TAtomics}"/>)
/// +8  value  T
/// </code>
/// Invariant: <c>first</c> points at <c>capacity * Stride</c> bytes of mapped memory for as long as the object lives.
/// </remarks>
internal readonly unsafe struct RingSlots<T> where T : unmanaged
{
    internal const int ValueOffset = sizeof(long);

    private readonly byte* _first;
    private readonly long _mask;

    internal RingSlots(byte* first, long capacity)
    {
        _first = first;
        _mask = capacity - 1;
    }

    /// <summary>Bytes from one slot to the next; a constant once compiled. Never a multiple of 4 KiB (4K aliasing).</summary>
    internal static int Stride
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var size = sizeof(T) + ValueOffset;
            if (size <= 16) return 16;
            if (size <= 32) return 32;
            if (size <= 64) return 64;
            var stride = (size + CacheLine.Size - 1) & ~(CacheLine.Size - 1);
            return stride % 4096 == 0 ? stride + CacheLine.Size : stride;
        }
    }

    internal long Capacity => _mask + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* At(long position) => _first + (position & _mask) * Stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref long Word(long position) => ref *(long*)At(position);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref T Value(long position) => ref *(T*)(At(position) + ValueOffset);

    /// <summary>How many of <paramref name="wanted"/> slots from this position lie before the ring wraps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Contiguous(long position, int wanted) => (int)Math.Min(wanted, _mask + 1 - (position & _mask));
}

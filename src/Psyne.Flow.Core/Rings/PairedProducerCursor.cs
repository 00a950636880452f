using System.Runtime.InteropServices;
using Psyne.Flow.Memory;

namespace Psyne.Flow.Rings;

/// <summary>What the producer of a ring with one consumer alone writes, on lines of its own.</summary>
[StructLayout(LayoutKind.Explicit, Size = 3 * CacheLine.Padding)]
internal struct PairedProducerCursor
{
    /// <summary>A position at or before that of the next message, at most a line's messages and half a ring: all between the two are published, each by itself.</summary>
    [FieldOffset(CacheLine.Padding)] internal long Next;

    /// <summary>The first position that may not be published yet, as last looked up.</summary>
    [FieldOffset(CacheLine.Padding + 8)] internal long Limit;

    /// <summary>Where the slot of <see cref="Next"/> lies.</summary>
    [FieldOffset(CacheLine.Padding + 16)] internal long Slot;

    /// <summary>What a ticket is above its position + 1: the sign bit, and 1 more with every abort.</summary>
    [FieldOffset(CacheLine.Padding + 24)] internal long Mark;

    /// <summary>While traffic is thick the messages of a line - 1, else 0: <see cref="Next"/> is stored where these bits of a position are 0.</summary>
    [FieldOffset(CacheLine.Padding + 32)] internal long LineMask;

    /// <summary>Whether traffic is thick; see <see cref="PairedProducer{T,TAtomics}.Pace"/>.</summary>
    [FieldOffset(CacheLine.Padding + 40)] internal long Thick;

    /// <summary>While traffic is thin the open claim's ticket, or 0: the producer needn't look at the slot to know.</summary>
    [FieldOffset(CacheLine.Padding + 48)] internal long Open;
}

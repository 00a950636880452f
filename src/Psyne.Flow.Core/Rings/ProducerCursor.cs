using System.Runtime.InteropServices;
using Psyne.Flow.Memory;

namespace Psyne.Flow.Rings;

/// <summary>What a single producer alone writes, on lines of its own.</summary>
[StructLayout(LayoutKind.Explicit, Size = 3 * CacheLine.Padding)]
internal struct ProducerCursor
{
    /// <summary>ClaimedSequence: the position of the next message.</summary>
    [FieldOffset(CacheLine.Padding)] internal long Next;

    /// <summary>The first position that may not be published yet, as last looked up.</summary>
    [FieldOffset(CacheLine.Padding + 8)] internal long Limit;

    /// <summary>Odd while a claim is open; the claim carries the value, so that a stale one is recognised.</summary>
    [FieldOffset(CacheLine.Padding + 16)] internal long Ticket;
}

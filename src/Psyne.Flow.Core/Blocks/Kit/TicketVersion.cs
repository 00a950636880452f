using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Blocks;

/// <summary>
/// The version of a record that is used again: a handle holds the version that it was given, and one of its copies ends it.
/// </summary>
/// <remarks>What the record holds is read by whoever ended it, before it is given back for another use.</remarks>
internal static class TicketVersion<TAtomics> where TAtomics : struct, IAtomics
{
    /// <summary>Whether the record is still out for the handle with this version.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsOut(ref readonly long version, long handle) => TAtomics.LoadAcquire(in version) == handle; // SYNC: ticket-end (load)

    /// <summary>Ends the handle. False when a copy of it has ended before.</summary>
    internal static bool TryEnd(ref long version, long handle)
    {
        var seen = TAtomics.CompareExchange(ref version, handle + 1, handle); // SYNC: ticket-end (store)
        return seen == handle;
    }
}

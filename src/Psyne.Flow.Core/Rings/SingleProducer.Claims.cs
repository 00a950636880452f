using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Rings;

/// <content>
/// The one open claim, as whoever closes the channel's gate sees it: its ticket stands before the gate is looked at, so
/// that the closer (gate, process-wide barrier, ticket) sees the claim or is seen by it. A ticket that ends with the gate
/// not idle must be told about: the closer may have seen it open.
/// </content>
internal partial struct SingleProducer<T, TAtomics, TRoom>
{
    /// <summary>1 or 0. For others; exact once the gate is closed.</summary>
    internal int OpenClaims => (int)(TAtomics.LoadAcquire(ref Cursor.Ticket) & 1); // SYNC: claim-end (load)

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsOpen(long ticket) => TAtomics.LoadPlain(ref Cursor.Ticket) == ticket;

    internal bool HasOpenClaim => (TAtomics.LoadPlain(ref Cursor.Ticket) & 1) != 0;

    /// <summary>Opens a claim. When it fails, <see cref="End"/> has to follow. Only with no claim open.</summary>
    internal bool Begin(int count, WaitGate<TAtomics> gate, out long ticket, out bool closed)
    {
        ticket = TAtomics.LoadPlain(ref Cursor.Ticket) + 1;
        TAtomics.StoreRelease(ref Cursor.Ticket, ticket); // SYNC: gate-close (load)
        closed = gate.IsClosed;
        return !closed && HasRoom(count);
    }

    /// <summary>Ends the open claim. True when the gate isn't idle: somebody waits, or closes and may have seen it open.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool End(long ticket, WaitGate<TAtomics> gate)
    {
        TAtomics.StoreRelease(ref Cursor.Ticket, ticket + 1); // SYNC: claim-end (store)
        return !gate.IsIdle;
    }
}

using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Memory;

namespace Psyne.Flow.Channels;

/// <summary>
/// Where the claims of a ring with several producers are built: a cell for each of the first threads, claimed without a
/// locked instruction, and shared cells for further threads, nested claims, and claims that travel between threads.
/// </summary>
/// <remarks>
/// <code>
/// cell i, at i * Stride
/// +0    ticket  long   odd while a claim is open
/// +128  values  up to BatchValues messages side by side
/// </code>
/// </remarks>
internal readonly unsafe struct StagingArea<TAtomics, TCells>
    where TAtomics : struct, IAtomics
    where TCells : struct, IStagingCells
{
    private const int CellBits = 8;

    private readonly byte* _first;
    private readonly long _stride;

    internal StagingArea(byte* first, int payloadBytes)
    {
        _first = first;
        _stride = StrideFor(payloadBytes);
    }

    internal static long SizeFor(int payloadBytes) => TCells.Cells * StrideFor(payloadBytes);

    private static long StrideFor(int payloadBytes) =>
        CacheLine.RoundUp(CacheLine.Padding + (long)StagingCells.BatchValues * payloadBytes, CacheLine.Padding);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref long Ticket(int cell) => ref *(long*)(_first + cell * _stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* Values(long claim) => _first + (claim & ((1 << CellBits) - 1)) * _stride + CacheLine.Padding;

    /// <summary>Opens a claim on the calling thread's own cell (-1: it has none), or on a shared one. False when all are open.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryOpen(int home, out long claim)
    {
        if ((uint)home < (uint)TCells.Homes)
        {
            ref var ticket = ref Ticket(home);
            var opened = TAtomics.LoadPlain(ref ticket) + 1;
            if ((opened & 1) != 0)
            {
                TAtomics.StoreRelease(ref ticket, opened); // SYNC: gate-close (load)
                claim = opened << CellBits | (uint)home;
                return true;
            }
        }
        return TryOpenShared(out claim);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryOpenShared(out long claim)
    {
        for (var cell = TCells.Homes; cell < TCells.Cells; cell++)
        {
            ref var ticket = ref Ticket(cell);
            var seen = TAtomics.LoadAcquire(ref ticket);
            if ((seen & 1) != 0 || TAtomics.CompareExchange(ref ticket, seen + 1, seen) != seen)
                continue; // SYNC: gate-close (load)
            claim = (seen + 1) << CellBits | (uint)cell;
            return true;
        }
        claim = 0;
        return false;
    }

    /// <summary>Whether <see cref="TryOpen"/> would find a cell now.</summary>
    internal bool HasCell(int home)
    {
        if ((uint)home < (uint)TCells.Homes && (TAtomics.LoadPlain(ref Ticket(home)) & 1) == 0)
            return true;
        for (var cell = TCells.Homes; cell < TCells.Cells; cell++)
            if ((TAtomics.LoadAcquire(ref Ticket(cell)) & 1) == 0)
                return true;
        return false;
    }

    /// <summary>Whether the claim has one of the cells that any thread may be waiting for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsShared(long claim) => (claim & ((1 << CellBits) - 1)) >= TCells.Homes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsOpen(long claim) =>
        TAtomics.LoadAcquire(ref Ticket((int)(claim & ((1 << CellBits) - 1)))) == claim >> CellBits;

    /// <summary>Ends a claim that is open.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void End(long claim) =>
        TAtomics.StoreRelease(ref Ticket((int)(claim & ((1 << CellBits) - 1))), (claim >> CellBits) + 1); // SYNC: claim-end (store)

    internal int CountOpen()
    {
        var open = 0;
        for (var cell = 0; cell < TCells.Cells; cell++)
            open += (int)(TAtomics.LoadAcquire(ref Ticket(cell)) & 1); // SYNC: claim-end (load)
        return open;
    }
}

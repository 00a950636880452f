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
internal readonly unsafe struct StagingArea
{
    internal const int Homes = ThreadIndex.Limit;
    internal const int Shared = 64;
    internal const int Cells = Homes + Shared;

    /// <summary>The most messages of one batch claim.</summary>
    internal const int BatchValues = 64;

    private const int CellBits = 8;

    private readonly byte* _first;
    private readonly long _stride;

    internal StagingArea(byte* first, int payloadBytes)
    {
        _first = first;
        _stride = StrideFor(payloadBytes);
    }

    internal static long SizeFor(int payloadBytes) => Cells * StrideFor(payloadBytes);

    private static long StrideFor(int payloadBytes) =>
        CacheLine.RoundUp(CacheLine.Padding + (long)BatchValues * payloadBytes, CacheLine.Padding);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref long Ticket(int cell) => ref *(long*)(_first + cell * _stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* Values(long claim) => _first + (claim & ((1 << CellBits) - 1)) * _stride + CacheLine.Padding;

    /// <summary>Opens a claim on the calling thread's own cell, or on a shared one. False when all are open.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryOpen(bool travels, out long claim)
    {
        var home = ThreadIndex.Current;
        if (!travels && (uint)home < Homes)
        {
            ref var ticket = ref Ticket(home);
            var opened = ticket + 1;
            if ((opened & 1) != 0)
            {
                HardwareAtomics.StoreRelease(ref ticket, opened); // SYNC: gate-close (load)
                claim = opened << CellBits | (uint)home;
                return true;
            }
        }
        return TryOpenShared(out claim);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryOpenShared(out long claim)
    {
        for (var cell = Homes; cell < Cells; cell++)
        {
            ref var ticket = ref Ticket(cell);
            var seen = HardwareAtomics.LoadAcquire(ref ticket);
            if ((seen & 1) != 0 || HardwareAtomics.CompareExchange(ref ticket, seen + 1, seen) != seen)
                continue;
            claim = (seen + 1) << CellBits | (uint)cell;
            return true;
        }
        claim = 0;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsOpen(long claim) =>
        HardwareAtomics.LoadAcquire(ref Ticket((int)(claim & ((1 << CellBits) - 1)))) == claim >> CellBits;

    /// <summary>Ends a claim that is open.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void End(long claim) =>
        HardwareAtomics.StoreRelease(ref Ticket((int)(claim & ((1 << CellBits) - 1))), (claim >> CellBits) + 1);

    internal int CountOpen()
    {
        var open = 0;
        for (var cell = 0; cell < Cells; cell++)
            open += (int)(HardwareAtomics.LoadAcquire(ref Ticket(cell)) & 1);
        return open;
    }
}

using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>
/// The claims of a ring's several producers against the channel's gate. A ticket stands in its cell before the gate is
/// looked at, so that the closer (gate, process-wide barrier, cells) sees the claim or is seen by it.
/// </summary>
internal readonly unsafe struct StagedProducer<T, TAtomics, TRoom, TCells>(
    MultiProducer<T, TAtomics, TRoom> producer, StagingArea<TAtomics, TCells> staging, WaitGate<TAtomics> gate)
    where T : unmanaged
    where TAtomics : struct, IAtomics
    where TRoom : struct, IRoom<TAtomics>
    where TCells : struct, IStagingCells
{
    internal readonly MultiProducer<T, TAtomics, TRoom> Ring = producer;
    internal readonly StagingArea<TAtomics, TCells> Staging = staging;

    /// <summary>
    /// Opens a claim. When it is refused because the gate is closed, a ticket that isn't 0 has to be ended, like that of
    /// a claim.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryBegin(int home, out long ticket, out bool closed)
    {
        ticket = 0;
        if (!Ring.HasRoom(1) || !Staging.TryOpen(home, out ticket))
        {
            closed = gate.IsClosed;
            return false;
        }
        closed = !gate.IsIdle && gate.IsClosed;
        return !closed;
    }

    /// <summary>Publishes the message in the claim's cell; the claim stays open, so that a closing channel waits for it. Returns the position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Publish(long ticket) => Ring.Publish(TAtomics.LoadPlain(ref *(T*)Staging.Values(ticket)));

    /// <summary>Ends an open claim. True when the gate isn't idle: somebody waits, or closes and may have seen it open.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool End(long ticket)
    {
        Staging.End(ticket);
        return !gate.IsIdle;
    }
}

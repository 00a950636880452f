#pragma warning disable RS0030 // who has which lane is guarded by a lock; the flag is a hint, looked at behind the items gate
using System.Numerics;
using Psyne.Flow.Atomics;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

// Lanes: a ring for each producer, who has it from opening an end to closing it; and what holds of all rings together.
internal sealed unsafe partial class ChannelCore
{
    private const int CrowdedYields = 32;

    /// <summary>A bit for each lane that a producer has, or a claim that outlives its end.</summary>
    private ulong _lanesHeld;

    /// <summary>Those of them whose end was closed with a claim open.</summary>
    private ulong _lanesLeaving;

    /// <summary>Messages published so far. Exact once the gates are closed and no claim is open.</summary>
    internal long Published
    {
        get
        {
            var published = 0L;
            foreach (var writer in Writers)
                published += writer.Published;
            return published;
        }
    }

    /// <summary>Claims that are neither published nor aborted. Exact once the gates are closed: then a ring that has none gets none, whatever the others do.</summary>
    internal int OpenClaims
    {
        get
        {
            var claims = 0;
            foreach (var writer in Writers)
                claims += writer.OpenClaims;
            return claims;
        }
    }

    /// <summary>How often a producer had to wait for room: an approximate count.</summary>
    internal long SpaceWaits
    {
        get
        {
            var waits = 0L;
            foreach (var writer in Writers)
                waits += writer.Space.Waits;
            return waits;
        }
    }

    /// <summary>
    /// Whether a thread that looks again and again takes the core from one that could go on. With lanes each producer is a
    /// thread, so that it shows.
    /// </summary>
    internal bool IsCrowded => Layout.Lanes > 0 && Producers + Consumers > Environment.ProcessorCount;

    /// <summary>
    /// Whether an end that found its ring empty or full may pause, so that dozens of messages gather: not where the pause
    /// is a producer's time. Competing consumers gain more by it, since each message that two cores share costs more.
    /// </summary>
    internal bool Pauses => !(Mode.HasOneConsumer() && IsCrowded);

    /// <summary>How threads wait: where it is crowded the core is offered at once, and a little longer before they sleep.</summary>
    internal IdleStrategy Idle => !IsCrowded || Options.Idle is { Spins: 0, Yields: 0 }
        ? Options.Idle
        : Options.Idle with { Spins = 0, Yields = Math.Max(Options.Idle.Yields, CrowdedYields) };

    /// <summary>The words of the one ring.</summary>
    internal RingWords Words => new(Word(ChannelLayout.HeadOffset), Word(ChannelLayout.GatingOffset), Space);

    /// <summary>The words of a lane's ring, with a gate of its own.</summary>
    internal RingWords WordsOf(int lane)
    {
        var words = Slab.Base + ChannelLayout.ReadersOffset + lane * ChannelLayout.LaneStride;
        return new(
            (long*)(words + ChannelLayout.LaneHeadOffset),
            (long*)(words + ChannelLayout.LaneGatingOffset),
            new WaitHub(new WaitGate<HardwareAtomics>(words + ChannelLayout.LaneSpaceGateOffset)));
    }

    private void CloseSpace()
    {
        // The barrier of the last gate serves them all.
        if (Layout.Lanes > 0)
            foreach (var writer in Writers)
                writer.Space.Gate.Shut();
        Space.Close();
    }

    private WriterCore TakeLane()
    {
        lock (_lock)
        {
            var lane = BitOperations.TrailingZeroCount(~_lanesHeld);
            if (lane >= Layout.Lanes)
                throw new ChannelRoleException($"{this} has a producer in each: another was refused (Lanes {Layout.Lanes}).");
            _lanesHeld |= 1UL << lane;
            return Writers[lane];
        }
    }

    private void GiveLaneBack(WriterCore writer)
    {
        var bit = 1UL << Array.IndexOf(Writers, writer);
        lock (_lock)
        {
            if (writer.IsSettled)
            {
                _lanesHeld &= ~bit;
                return;
            }
            Volatile.Write(ref _lanesLeaving, _lanesLeaving | bit);
        }
        Items.Gate.Enter(); // publishing looks here until it has left
        EndTenancy(writer);
    }

    /// <summary>A lane whose end was closed with a claim open is free once that has ended.</summary>
    private void EndTenancy(WriterCore writer)
    {
        var bit = 1UL << Array.IndexOf(Writers, writer);
        lock (_lock)
        {
            if ((_lanesLeaving & bit) == 0 || !writer.IsSettled)
                return;
            _lanesHeld &= ~bit;
            Volatile.Write(ref _lanesLeaving, _lanesLeaving & ~bit);
            Items.Gate.Leave();
        }
    }
}

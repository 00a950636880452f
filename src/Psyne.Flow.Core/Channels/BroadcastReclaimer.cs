using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Psyne.Flow.Slots;

namespace Psyne.Flow.Channels;

/// <summary>
/// Ends the ring's own lease on the slots of a pooled broadcast once every consumer has passed them, or, where slow
/// consumers may lose messages, as soon as the slots are needed. Done by the producers.
/// </summary>
/// <remarks>Thread-safe: <c>_lock</c> guards the walk. The reclaimed position is the ring's gating sequence.</remarks>
internal sealed unsafe class BroadcastReclaimer(
    ChannelCore channel, SlotPool pool, RingSlots<long> ring, ReaderTable<HardwareAtomics> readers, bool lossy)
{
    private const int Stride = 16;

    private readonly Lock _lock = new();
    internal readonly BroadcastPositions<HardwareAtomics> Positions = new(ring, channel.Word(ChannelLayout.GatingOffset));

    /// <summary>Reclaims now and then, so that few slots stay hot instead of all taking turns.</summary>
    internal void OnPublished(long position)
    {
        if (position % Stride == 0 && _lock.TryEnter())
        {
            try
            {
                Walk();
            }
            finally
            {
                _lock.Exit();
            }
        }
    }

    /// <summary>Frees at least one slot if the policy allows. False when the slowest consumer has yet to read.</summary>
    internal bool TryReclaim()
    {
        lock (_lock)
            return Walk() || (lossy && DropOne());
    }

    private bool Walk()
    {
        var from = Positions.Reclaimed;
        var tail = HardwareAtomics.LoadAcquire(ref *channel.Word(ChannelLayout.TailOffset));
        HardwareAtomics.FullFence(); // SYNC: reader-join (load)
        var end = readers.Slowest(tail);
        var position = from;
        while (position < end && End(position))
            position++;
        return position > from;
    }

    private bool DropOne() => End(Positions.Reclaimed);

    private bool End(long position)
    {
        if (!Positions.TryGiveUp(position, out var lease))
            return false;
        pool.TryRelease(lease);
        return true;
    }
}

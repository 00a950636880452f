using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>What belongs to one ring and lies outside it: its positions on the slab, and where its producers wait for room.</summary>
internal readonly unsafe struct RingWords(long* head, long* gating, WaitHub space)
{
    /// <summary>Competing consumers' take position.</summary>
    internal long* Head => head;

    /// <summary>The consumer's gating sequence, or the walk over competing consumers' words.</summary>
    internal long* Gating => gating;

    /// <summary>Where producers wait for room; signalled by the ring's consumers.</summary>
    internal WaitHub Space => space;
}

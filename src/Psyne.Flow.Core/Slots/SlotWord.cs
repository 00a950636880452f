namespace Psyne.Flow.Slots;

/// <summary>The 64-bit word of a pooled slot, and the handles made from it.</summary>
/// <remarks>
/// <code>
/// word    63            28 27        23 22                    0
///         | generation 36 | next share 5 | mask of live shares 23 |
/// handle  63            28 27        23 22                    0
///         | generation 36 |   share 5    |        index 23        |
///
/// shares  0..20  a lease each, never used twice in one life
///         21     the overflow record that holds all further leases
///         22     the claim, before the slot is published
/// </code>
/// A slot is free when its mask is 0. The generation grows by one when a life ends.
/// </remarks>
internal static class SlotWord
{
    internal const int IndexBits = 23;
    internal const int ShareBits = 5;
    internal const int GenerationShift = IndexBits + ShareBits;
    internal const long IndexMask = (1L << IndexBits) - 1;
    internal const long ShareMask = IndexMask;
    internal const int DirectShares = 21;
    internal const int OverflowShare = 21;
    internal const int ClaimShare = 22;

    internal static long Generation(long word) => (long)((ulong)word >> GenerationShift);

    internal static int NextShare(long word) => (int)(word >> IndexBits) & 31;

    internal static long Live(long word) => word & ShareMask;

    internal static int Index(long handle) => (int)(handle & IndexMask);

    internal static int Share(long handle) => (int)(handle >> IndexBits) & 31;

    internal static long Pack(long generation, int share, long low) =>
        generation << GenerationShift | (long)share << IndexBits | low;

    /// <summary>Whether the handle's share is live in the life that the word shows.</summary>
    internal static bool Holds(long word, long handle) =>
        (word ^ handle) >>> GenerationShift == 0 && (word >> Share(handle) & 1) != 0;

    /// <summary>The word after the last share of a life ended.</summary>
    internal static long Freed<TWidths>(long word) where TWidths : struct, ISlotWidths =>
        Pack((Generation(word) + 1) & ((1L << TWidths.GenerationBits) - 1), 0, 0);
}

namespace Psyne.Flow.Slots;

/// <summary>How many bits of a slot's word the generation has: all of them in use, few in tests that force it to wrap.</summary>
internal interface ISlotWidths
{
    static abstract int GenerationBits { get; }
}

/// <summary>The widths in use. At a billion lives of one slot a second the generation wraps after 68 seconds of nothing
/// but that slot's lives; a stale lease would have to be held for exactly a multiple of that.</summary>
internal readonly struct SlotWidths : ISlotWidths
{
    public static int GenerationBits => 36;
}

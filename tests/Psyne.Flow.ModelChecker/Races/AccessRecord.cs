namespace Psyne.Flow.ModelChecking;

/// <summary>The last access of one kind by one thread to some bytes of a word.</summary>
internal struct AccessRecord
{
    /// <summary>The thread's own clock then: whoever's vector clock has reached it, comes after.</summary>
    public int Clock;

    public int Step;

    public byte Thread;

    public AccessKind Kind;

    /// <summary>A bit for each of the word's eight bytes.</summary>
    public byte Mask;
}

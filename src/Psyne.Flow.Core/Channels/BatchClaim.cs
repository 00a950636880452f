namespace Psyne.Flow.Channels;

/// <summary>Several claimed slots: a run of the ring or of a staging cell, or pooled slots named in an array.</summary>
internal readonly unsafe struct BatchClaim(WriterCore core, byte* first, long ticket, int count, long[]? handles = null)
{
    internal readonly WriterCore Core = core;
    internal readonly byte* First = first;
    internal readonly long Ticket = ticket;
    internal readonly int Count = count;
    internal readonly long[]? Handles = handles;
}

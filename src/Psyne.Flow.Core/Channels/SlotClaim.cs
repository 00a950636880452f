namespace Psyne.Flow.Channels;

/// <summary>A claimed slot: who has it, where it is, and the number by which a stale claim is told from an open one.</summary>
internal readonly unsafe struct SlotClaim(WriterCore core, byte* value, long ticket)
{
    internal readonly WriterCore Core = core;
    internal readonly byte* Value = value;
    internal readonly long Ticket = ticket;
}

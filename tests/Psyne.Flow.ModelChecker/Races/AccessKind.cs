namespace Psyne.Flow.ModelChecking;

/// <summary>How a step touches memory; two conflict unless both read or both are atomic.</summary>
internal enum AccessKind : byte
{
    PlainRead,
    PlainWrite,
    AtomicRead,
    AtomicWrite,
}

using Psyne.Flow.Peers.Native;

namespace Psyne.Flow.Peers.Subjects.Limits;

/// <summary>The C ring, one message at a time: one ring there, one back.</summary>
internal sealed unsafe class NativeRingEcho() : NativeEchoSubject(parked: false)
{
    private const ulong Capacity = 4096;

    private readonly nint there = NativeLimits.RingCreate(Capacity, sizeof(ulong), 0);
    private readonly nint back = NativeLimits.RingCreate(Capacity, sizeof(ulong), 0);

    protected override void Free()
    {
        NativeLimits.RingDestroy(there);
        NativeLimits.RingDestroy(back);
    }

    protected override void Reset()
    {
        NativeLimits.RingReset(there);
        NativeLimits.RingReset(back);
    }

    protected override ulong Call(ulong messages, ulong* counts, ulong* longest) =>
        NativeLimits.RingCall(there, back, messages, counts, longest);

    protected override void Answer(ulong messages) => NativeLimits.RingAnswer(there, back, messages);
}

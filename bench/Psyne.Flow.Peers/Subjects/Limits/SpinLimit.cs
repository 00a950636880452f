using Psyne.Flow.Peers.Native;

namespace Psyne.Flow.Peers.Subjects.Limits;

/// <summary>A cache line there and back, both sides spinning: no message can be faster between these two cores.</summary>
internal sealed unsafe class SpinLimit() : NativeEchoSubject(parked: false)
{
    private readonly nint pair = NativeLimits.PairCreate();

    protected override void Free() => NativeLimits.PairDestroy(pair);

    protected override void Reset() => NativeLimits.PairReset(pair);

    protected override ulong Call(ulong messages, ulong* counts, ulong* longest) =>
        NativeLimits.SpinCall(pair, messages, counts, longest);

    protected override void Answer(ulong messages) => NativeLimits.SpinAnswer(pair, messages);
}

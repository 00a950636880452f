using Psyne.Flow.Peers.Native;
using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Subjects.Limits;

/// <summary>A futex wake there and back, both sides asleep while they wait: what the kernel and the machine take to wake a thread.</summary>
internal sealed unsafe class FutexLimit() : NativeEchoSubject(parked: true)
{
    private readonly nint pair = NativeLimits.PairCreate();

    protected override void Free() => NativeLimits.PairDestroy(pair);

    protected override void Reset() => NativeLimits.PairReset(pair);

    protected override ulong Call(ulong messages, ulong* counts, ulong* longest) =>
        NativeLimits.FutexCall(pair, messages, EchoSubject.PauseNanoseconds, counts, longest);

    protected override void Answer(ulong messages) => NativeLimits.FutexAnswer(pair, messages);
}

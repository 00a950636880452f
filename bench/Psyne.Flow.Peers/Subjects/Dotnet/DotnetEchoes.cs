using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>The .NET peers of a latency case.</summary>
internal static class DotnetEchoes
{
    public static IEnumerable<SubjectSpec> For(bool parked)
    {
        return
        [
            Spec("channel-bounded", () => new ChannelEcho(bounded: true, parked)),
            Spec("channel-unbounded", () => new ChannelEcho(bounded: false, parked)),
            Spec("channel-async", () => new ChannelAsyncEcho(parked), "answers on the thread pool"),
            Spec("tpl-buffer", () => new BufferBlockEcho(parked)),
            Spec("tpl-transform", () => new TransformBlockEcho(parked), "answers on the thread pool"),
            Spec("blocking", () => new BlockingEcho(parked)),
            Spec("rx-observe-on", () => new RxEcho(parked), "back without Rx, in its favour"),
        ];

        SubjectSpec Spec(string name, Func<IEcho> create, string note = "") =>
            new(name, Role.Peer, () => new EchoSubject(create, parked), note);
    }
}

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
            Spec("channel-bounded", at => new ChannelEcho(at, bounded: true, parked)),
            Spec("channel-unbounded", at => new ChannelEcho(at, bounded: false, parked)),
            Spec("channel-async", at => new ChannelAsyncEcho(at, parked), "answers on the thread pool"),
            Spec("tpl-buffer", at => new BufferBlockEcho(at, parked)),
            Spec("tpl-transform", at => new TransformBlockEcho(at, parked), "answers on the thread pool"),
            Spec("blocking", at => new BlockingEcho(at, parked)),
            Spec("rx-observe-on", at => new RxEcho(at, parked), parked ? "" : "back without Rx, in its favour"),
        ];

        SubjectSpec Spec(string name, Func<Arrival, IEcho> create, string note = "") =>
            new(name, Role.Peer, () => new EchoSubject(create, parked), note);
    }
}

using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>The .NET peers of a throughput case, by shape.</summary>
internal static class DotnetTraffic
{
    private const string Unbounded = "unbounded";
    private const string BoundedByArrays = "unbounded queue, bounded by its set of arrays";
    private const string SameThread = "hands nothing over: read on the producer's thread";
    private const string PoolReads = "read on the thread pool";

    public static IEnumerable<SubjectSpec> For(Shape shape) => shape.Bytes switch
    {
        8 => Small<Message8>(shape),
        64 => Small<Message64>(shape),
        _ => Large(shape),
    };

    private static IEnumerable<SubjectSpec> Small<TMessage>(Shape shape)
        where TMessage : unmanaged, IMessage<TMessage>
    {
        var cargo = default(ValueCargo<TMessage>);

        // --quick runs all of them once, in the first case, and elsewhere those that may be the best.
        var fullOnly = shape is not { Bytes: 8, Threads: (1, 1), Batch: false };
        return
        [
            Spec("channel-bounded", () => new ChannelTraffic<TMessage, ValueCargo<TMessage>>(shape, cargo, bounded: true)),
            Spec("channel-unbounded", () => new ChannelTraffic<TMessage, ValueCargo<TMessage>>(shape, cargo, bounded: false), Unbounded),
            Spec("channel-bounded-async", () => new ChannelAsyncTraffic<TMessage, ValueCargo<TMessage>>(shape, cargo, bounded: true), PoolReads),
            Spec("channel-unbounded-async", () => new ChannelAsyncTraffic<TMessage, ValueCargo<TMessage>>(shape, cargo, bounded: false), $"{Unbounded}, {PoolReads}"),
            Spec("tpl-action-bounded", () => new ActionBlockTraffic<TMessage, ValueCargo<TMessage>>(shape, cargo, bounded: true), PoolReads),
            Spec("tpl-action-unbounded", () => new ActionBlockTraffic<TMessage, ValueCargo<TMessage>>(shape, cargo, bounded: false), $"{Unbounded}, {PoolReads}"),
            Spec("tpl-buffer-bounded", () => new BufferBlockTraffic<TMessage, ValueCargo<TMessage>>(shape, cargo, bounded: true)),
            Spec("tpl-buffer-unbounded", () => new BufferBlockTraffic<TMessage, ValueCargo<TMessage>>(shape, cargo, bounded: false), Unbounded),
            Spec("blocking-bounded", () => new BlockingTraffic<TMessage, ValueCargo<TMessage>>(shape, cargo)) with { FullOnly = fullOnly },
            .. Rx(),
        ];

        SubjectSpec Spec(string name, Func<ITraffic> create, string note = "") => Peer(shape, name, create, note);

        IEnumerable<SubjectSpec> Rx() => shape.Threads.Consumers > 1 ? [] :
        [
            Spec("rx-observe-on", () => new RxTraffic<TMessage, ValueCargo<TMessage>>(shape, cargo, handOff: true), Unbounded) with { FullOnly = fullOnly },
            Spec("rx-same-thread", () => new RxTraffic<TMessage, ValueCargo<TMessage>>(shape, cargo, handOff: false),
                SameThread) with { Role = Role.Reference, FullOnly = true },
        ];
    }

    /// <summary>
    /// Each transport with fresh and with pooled arrays. An unbounded queue of fresh arrays is left out: it may hold
    /// gigabytes before the consumer looks, which nobody runs. The unbounded kinds run over a fixed set of arrays.
    /// </summary>
    private static IEnumerable<SubjectSpec> Large(Shape shape)
    {
        return
        [
            Spec("channel-bounded+fresh", () => new ChannelTraffic<byte[], FreshCargo>(shape, new FreshCargo(shape), bounded: true)),
            Spec("channel-bounded+pool", () => new ChannelTraffic<byte[], PoolCargo>(shape, new PoolCargo(shape), bounded: true)),
            Spec("channel-unbounded+return", () => new ChannelTraffic<byte[], ReturnCargo>(shape, new ReturnCargo(shape), bounded: false), BoundedByArrays),
            Spec("channel-bounded-async+pool", () => new ChannelAsyncTraffic<byte[], PoolCargo>(shape, new PoolCargo(shape), bounded: true), PoolReads),
            Spec("channel-unbounded-async+return", () => new ChannelAsyncTraffic<byte[], ReturnCargo>(shape, new ReturnCargo(shape), bounded: false), $"{BoundedByArrays}, {PoolReads}"),
            Spec("tpl-action-bounded+fresh", () => new ActionBlockTraffic<byte[], FreshCargo>(shape, new FreshCargo(shape), bounded: true), PoolReads),
            Spec("tpl-action-bounded+pool", () => new ActionBlockTraffic<byte[], PoolCargo>(shape, new PoolCargo(shape), bounded: true), PoolReads),
            Spec("tpl-action-unbounded+return", () => new ActionBlockTraffic<byte[], ReturnCargo>(shape, new ReturnCargo(shape), bounded: false), $"{BoundedByArrays}, {PoolReads}"),
            Spec("tpl-buffer-bounded+fresh", () => new BufferBlockTraffic<byte[], FreshCargo>(shape, new FreshCargo(shape), bounded: true)) with { FullOnly = true },
            Spec("tpl-buffer-bounded+pool", () => new BufferBlockTraffic<byte[], PoolCargo>(shape, new PoolCargo(shape), bounded: true)),
            Spec("blocking-bounded+fresh", () => new BlockingTraffic<byte[], FreshCargo>(shape, new FreshCargo(shape))) with { FullOnly = true },
            Spec("blocking-bounded+pool", () => new BlockingTraffic<byte[], PoolCargo>(shape, new PoolCargo(shape))) with { FullOnly = true },
            .. Rx(),
        ];

        SubjectSpec Spec(string name, Func<ITraffic> create, string note = "") => Peer(shape, name, create, note);

        IEnumerable<SubjectSpec> Rx() => shape.Threads.Consumers > 1 ? [] :
        [
            Spec("rx-observe-on+return", () => new RxTraffic<byte[], ReturnCargo>(shape, new ReturnCargo(shape), handOff: true), BoundedByArrays) with { FullOnly = true },
            Spec("rx-same-thread+fresh", () => new RxTraffic<byte[], FreshCargo>(shape, new FreshCargo(shape), handOff: false),
                SameThread) with { Role = Role.Reference, FullOnly = true },
            Spec("rx-same-thread+pool", () => new RxTraffic<byte[], PoolCargo>(shape, new PoolCargo(shape), handOff: false),
                SameThread) with { Role = Role.Reference, FullOnly = true },
        ];
    }

    private static SubjectSpec Peer(Shape shape, string name, Func<ITraffic> create, string note) =>
        new(name, Role.Peer, () => new TrafficSubject(create(), shape), note);
}

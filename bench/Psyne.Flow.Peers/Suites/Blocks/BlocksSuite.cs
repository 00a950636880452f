using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Subjects.Blocks;
using Psyne.Flow.Peers.Subjects.Dotnet;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Suites.Blocks;

/// <summary>Dataflow blocks: pipelines of several lengths, sizes and parallelism, fan-out, join, batch.</summary>
internal static class BlocksSuite
{
    private const string Unbounded = "unbounded";

    public static IEnumerable<Case> Cases() => Remark.Attach(BlocksRemarks.All,
    [
        .. from bytes in (int[])[8, 4 << 10, 1 << 20]
           from stages in (int[])[2, 3, 5, 10]
           select ToCase(new Graph(GraphKind.Pipeline, bytes, stages)),
        .. from bytes in (int[])[8, 4 << 10, 1 << 20]
           select ToCase(new Graph(GraphKind.Pipeline, bytes, 3, Parallelism: 4)),
        .. from targets in (int[])[1, 2, 4, 8]
           select ToCase(new Graph(GraphKind.FanOut, 8, targets)),
        ToCase(new Graph(GraphKind.Join, 8, 2)),
        ToCase(new Graph(GraphKind.Batch, 8, 64)),
    ]);

    private static Case ToCase(Graph graph) => new(graph.Name, Metrics.Rate, graph.Bytes switch
    {
        8 => [.. Small<Message8>(graph)],
        4 << 10 => [.. Large<Message4K>(graph)],
        _ => [.. Large<Message1M>(graph)],
    })
    {
        Goals = BlocksGoals.For(graph),
        Quick = graph is { Kind: GraphKind.Pipeline, Bytes: 8, Parallelism: 1 } or { Kind: GraphKind.FanOut, Size: 4 } or { Kind: GraphKind.Join or GraphKind.Batch },
        Explanation = "from a producer thread through the blocks to an action; bounded blocks hold "
            + $"{graph.Bound} messages; first and last word of a large one are written and read",
    };

    private static IEnumerable<SubjectSpec> Small<T>(Graph graph)
        where T : unmanaged, IMessage<T>
    {
        yield return Psyne("psyne", () => new PsyneGraph<T>(graph, batches: false));
        yield return Psyne("psyne-batches", () => new PsyneGraph<T>(graph, batches: true), "the producer claims 64 at a time");
        yield return Peer("tpl-bounded", () => new StockGraph<T, ValueCargo<T>>(graph, () => default, bounded: true));
        yield return Peer("tpl-unbounded", () => new StockGraph<T, ValueCargo<T>>(graph, () => default, bounded: false), Unbounded);
        if (graph.Parallelism == 1)
        {
            yield return Peer("rx", () => new RxGraph<T, ValueCargo<T>>(graph, () => default), "unbounded; ObserveOn before each stage");
        }

        if (graph is { Kind: GraphKind.Pipeline, Parallelism: 1 })
        {
            yield return Peer("channel-bounded", () => new ChannelGraph<T, ValueCargo<T>>(graph, () => default, bounded: true));
            yield return Peer("channel-unbounded", () => new ChannelGraph<T, ValueCargo<T>>(graph, () => default, bounded: false), Unbounded);
        }

        SubjectSpec Psyne(string name, Func<ITraffic> create, string note = "") => Spec(name, Role.Psyne, create, note);

        SubjectSpec Peer(string name, Func<ITraffic> create, string note = "") => Spec(name, Role.Peer, create, note);

        SubjectSpec Spec(string name, Role role, Func<ITraffic> create, string note) =>
            new(name, role, () => new TrafficSubject(create(), graph.AsShape), note);
    }

    private static IEnumerable<SubjectSpec> Large<T>(Graph graph)
        where T : unmanaged, IMessage<T>
    {
        const string Arrays = "arrays that go round";
        yield return Spec("psyne", Role.Psyne, () => new PsyneGraph<T>(graph, batches: false));
        yield return Spec("tpl-bounded", Role.Peer, () => new StockGraph<byte[], ReturnCargo>(graph, Cargo, bounded: true), Arrays);
        yield return Spec("tpl-unbounded", Role.Peer, () => new StockGraph<byte[], ReturnCargo>(graph, Cargo, bounded: false), Arrays);
        if (graph is { Kind: GraphKind.Pipeline, Parallelism: 1 })
        {
            yield return Spec("rx", Role.Peer, () => new RxGraph<byte[], ReturnCargo>(graph, Cargo), Arrays + "; ObserveOn before each stage");
            yield return Spec("channel-bounded", Role.Peer, () => new ChannelGraph<byte[], ReturnCargo>(graph, Cargo, bounded: true), Arrays);
        }

        ReturnCargo Cargo() => new(graph.AsShape);

        SubjectSpec Spec(string name, Role role, Func<ITraffic> create, string note = "") =>
            new(name, role, () => new TrafficSubject(create(), graph.AsShape), note);
    }
}

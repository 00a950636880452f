using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Suites.Blocks;

/// <summary>Why `psyne` falls short of a goal of the blocks suite, and what was tried.</summary>
internal static class BlocksRemarks
{
    private const string OneHandOver =
        "with one hand-over the producer's own claim and publish, a message at a time, and the copy out of its channel are most of the work, "
        + "and three threads share two cores; with batches of claims, and from three stages on, the factors are reached";

    private const string OneHandOverTried =
        "taking whole runs out of the channel; going on for some turns before waiting for the producer (a wake for a message or two otherwise)";

    private const string StockSink =
        "pairs go to TPL's ActionBlock, by an offer a pair under two locks, and it makes a task whenever it had caught up; joining itself is by "
        + "runs of up to 31 pairs. Against the bounded peer the factor is above 1";

    private const string StockSinkTried =
        "a pooled record for each pair with a ticket for each message (0.35 of the unbounded peer); small messages of 31 pairs by value in one slot (0.85)";

    private const string StockTask = "TPL's ActionBlock makes a task whenever it had caught up; the batch block itself allocates nothing";

    public static IReadOnlyList<Remark> All { get; } =
    [
        new("pipeline/8B/2/parallel-1", ">= 20x TPL Dataflow bounded", OneHandOver, OneHandOverTried),
        new("pipeline/8B/2/parallel-1", ">= 5x TPL Dataflow unbounded", OneHandOver, OneHandOverTried),
        new("join/8B", "never slower than TPL Dataflow", StockSink, StockSinkTried),
        new("join/8B", "0 B a message", StockSink, StockSinkTried),
        new("batch/8B/64", "0 B a message", StockTask, "nothing: an action over batches of our own would have none"),
    ];
}

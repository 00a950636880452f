using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow.Samples.Digits;

/// <summary>What a stage has done up to a moment.</summary>
/// <param name="Messages">Messages that came in.</param>
/// <param name="Waiting">Messages that wait in it, on either side; -1 where nobody counts them, as below.</param>
/// <param name="Waits">How often those before it were told to wait for room.</param>
/// <param name="AllocatedBytes">Managed memory that its work allocated.</param>
public readonly record struct StageCounts(long Messages, long Waiting, long Waits, long AllocatedBytes)
{
    /// <summary>Of a block: what came in, and what waits on either side. A stock block doesn't tell what came in.</summary>
    public static StageCounts Of(IDataflowBlock block)
    {
        if (block is not SlabBlock slab)
            return new StageCounts(-1, -1, -1, -1);
        return Of(slab.Statistics);
    }

    /// <summary>Of a block that tells what came in, and what waits on either side.</summary>
    public static StageCounts Of(BlockStatistics statistics) =>
        new(statistics.Received, statistics.InputCount + statistics.OutputCount, statistics.Waits, statistics.AllocatedBytes);

    /// <summary>Of a channel: a producer's waits are what counts.</summary>
    public static StageCounts Of(SlabChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var statistics = channel.Statistics;
        return new StageCounts(statistics.Published, statistics.Count, statistics.ProducerWaits, -1);
    }
}

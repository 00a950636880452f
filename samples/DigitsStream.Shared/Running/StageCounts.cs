using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Samples.Digits;

/// <summary>What a stage has done up to a moment.</summary>
/// <param name="Messages">Messages that came in; of a source, that went out.</param>
/// <param name="Waiting">Messages that wait in it, on either side.</param>
/// <param name="Waits">How often it had to wait for room; -1 where that isn't counted.</param>
/// <param name="AllocatedBytes">Managed memory that its work allocated; -1 where that isn't counted.</param>
public readonly record struct StageCounts(long Messages, long Waiting, long Waits, long AllocatedBytes)
{
    /// <summary>Of a block.</summary>
    public static StageCounts Of(IDataflowBlock block) => new(0, 0, -1, -1);

    /// <summary>Of a channel: a producer's waits are what counts.</summary>
    public static StageCounts Of(SlabChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var statistics = channel.Statistics;
        return new StageCounts(statistics.Published, statistics.Count, statistics.ProducerWaits, -1);
    }
}

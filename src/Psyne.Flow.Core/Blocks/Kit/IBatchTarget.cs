using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>A target that takes over messages many at a time, as if each had been offered and accepted.</summary>
internal interface IBatchTarget<TIn>
{
    /// <summary>
    /// Takes over what it has room for, up to <paramref name="most"/> messages. The source's locks are held; this one's is
    /// only tried, so that no two blocks wait for each other. 0 where it would not accept an offer now.
    /// </summary>
    int TakeFrom(MessageQueue<TIn> messages, int most);

    /// <summary>As <see cref="TakeFrom"/>, for a target that is consuming what it postponed; what is left is postponed again.</summary>
    /// <returns>How many it took; -1 when the lock was not to be had.</returns>
    int PullFrom(MessageQueue<TIn> messages, int most, ISourceBlock<TIn> source, long headId);

    /// <summary>Notes the source's oldest message as postponed. False when it would not have been.</summary>
    bool TryPostpone(ISourceBlock<TIn> source, DataflowMessageHeader header);

    /// <summary>After messages were taken over; no lock of the source's values is held.</summary>
    void OnTaken();
}

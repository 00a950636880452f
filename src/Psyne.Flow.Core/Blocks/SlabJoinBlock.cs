using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow;

/// <summary>Brings the messages of two sources together, the first with the first, the second with the second.</summary>
/// <remarks>
/// Thread-safe. Greedy (the default), each side takes what it is offered; else nothing is taken until both sides can have
/// a message: both are reserved, and then both consumed. The block completes when one side is completed and no message of
/// it is left; what the other side then still holds is given back.
/// </remarks>
/// <example><code>
/// var labelled = new SlabJoinBlock&lt;Image, Label&gt;();
/// images.LinkTo(labelled.Target1, propagate);
/// labels.LinkTo(labelled.Target2, propagate);
/// </code></example>
public sealed class SlabJoinBlock<T1, T2> : SlabSourceBlock<LeasePair<T1, T2>>
    where T1 : unmanaged
    where T2 : unmanaged
{
    private readonly JoinCore<T1, T2, NoMessage, LeasePair<T1, T2>> _core;

    /// <summary>Makes the block.</summary>
    /// <param name="options">Greed, the bound of each side and of the pairs, the most pairs, the token, the scheduler; null for the defaults.</param>
    public SlabJoinBlock(GroupingDataflowBlockOptions? options = null) : base(options)
    {
        _core = new JoinCore<T1, T2, NoMessage, LeasePair<T1, T2>>(this, Settings, End, hasThird: false);
        FollowToken(_core.Cancel);
    }

    private protected override SlabSourceCore<LeasePair<T1, T2>> Source => _core.Source;

    /// <inheritdoc/>
    public override BlockStatistics Statistics => _core.Statistics;

    /// <summary>The side of each pair's first message.</summary>
    public ITargetBlock<Lease<T1>> Target1 => _core.First;

    /// <summary>The side of each pair's second message.</summary>
    public ITargetBlock<Lease<T2>> Target2 => _core.Second;

    /// <summary>Ends the intake of both sides.</summary>
    public override void Complete() => _core.Complete();

    private protected override void Fault(Exception fault) => _core.Fault(fault);
}

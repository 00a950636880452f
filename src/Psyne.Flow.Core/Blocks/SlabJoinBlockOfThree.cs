using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow;

/// <summary>Brings the messages of three sources together, the first with the first, the second with the second.</summary>
/// <remarks>Thread-safe. As <see cref="SlabJoinBlock{T1, T2}"/>, with a third side.</remarks>
public sealed class SlabJoinBlock<T1, T2, T3> : SlabSourceBlock<LeaseTriple<T1, T2, T3>>
    where T1 : unmanaged
    where T2 : unmanaged
    where T3 : unmanaged
{
    private readonly JoinCore<T1, T2, T3, LeaseTriple<T1, T2, T3>> _core;

    /// <summary>Makes the block.</summary>
    /// <param name="options">Greed, the bound of each side and of the triples, the most triples, the token, the scheduler; null for the defaults.</param>
    public SlabJoinBlock(GroupingDataflowBlockOptions? options = null) : base(options)
    {
        _core = new JoinCore<T1, T2, T3, LeaseTriple<T1, T2, T3>>(this, Settings, End, hasThird: true);
        FollowToken(_core.Cancel);
    }

    private protected override SlabSourceCore<LeaseTriple<T1, T2, T3>> Source => _core.Source;

    /// <inheritdoc/>
    public override BlockStatistics Statistics => _core.Statistics;

    /// <summary>The side of each triple's first message.</summary>
    public ITargetBlock<Lease<T1>> Target1 => _core.First;

    /// <summary>The side of each triple's second message.</summary>
    public ITargetBlock<Lease<T2>> Target2 => _core.Second;

    /// <summary>The side of each triple's third message.</summary>
    public ITargetBlock<Lease<T3>> Target3 => _core.Third!;

    /// <summary>Ends the intake of all sides.</summary>
    public override void Complete() => _core.Complete();

    private protected override void Fault(Exception fault) => _core.Fault(fault);
}

using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow;

/// <summary>A block that takes messages in and gives messages out.</summary>
/// <remarks>Thread-safe.</remarks>
public abstract class SlabPropagatorBlock<TIn, TOut> : SlabSourceBlock<TOut>, IPropagatorBlock<TIn, TOut>, IBatchTargetBlock<TIn>
{
    private protected SlabPropagatorBlock(DataflowBlockOptions? options) : base(options) { }

    private protected abstract SlabTargetCore<TIn> Target { get; }

    SlabTargetCore<TIn> IBatchTargetBlock<TIn>.Target => Target;

    /// <inheritdoc/>
    public override BlockStatistics Statistics =>
        new(Target.Received, Source.Sent, Target.InputCount, Source.Count, Target.Waits, Settings.AllocatedBytes);

    /// <inheritdoc/>
    public override void Complete() => Target.Complete();

    private protected override void Fault(Exception fault) => Target.Fault(fault);

    DataflowMessageStatus ITargetBlock<TIn>.OfferMessage(
        DataflowMessageHeader messageHeader, TIn messageValue, ISourceBlock<TIn>? source, bool consumeToAccept) =>
        Target.OfferMessage(messageHeader, messageValue, source, consumeToAccept);
}

using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>A target block of ours: others reach its intake by it.</summary>
internal interface IBatchTargetBlock<TIn> : ITargetBlock<TIn>
{
    SlabTargetCore<TIn> Target { get; }
}

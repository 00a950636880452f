using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>One output of a broadcast as the source that its target consumes from.</summary>
internal sealed class BroadcastOutputBlock<T>(ISourceBlock<Lease<T>> owner, BroadcastOutput<T> output) : SlabSourceBlock<Lease<T>>(null) where T : unmanaged
{
    private protected override SlabSourceCore<Lease<T>> Source => output.Source;

    public override void Complete() => output.Source.Complete();

    private protected override void Fault(Exception fault) => owner.Fault(fault);

    public override string ToString() => owner.ToString()!;
}

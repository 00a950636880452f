namespace Psyne.Flow.Blocks;

/// <summary>What makes a batch block's batches.</summary>
internal interface IBatchMaker<T> where T : unmanaged
{
    SlabSourceCore<OwnedLeaseBatch<T>> Source { get; }

    /// <summary>Has what there is sent as a batch.</summary>
    void Trigger();
}

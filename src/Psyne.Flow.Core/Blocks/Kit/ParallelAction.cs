using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>Calls a delegate for several messages at a time, or an asynchronous one.</summary>
internal sealed class ParallelAction<T>(ITargetBlock<Lease<T>> owner, Func<Lease<T>, ValueTask> handle, BlockSettings settings,
    BlockCompletion completion, BlockSlab<T> slab, ErrorHandler<T> errors)
    : ParallelCore<T>(owner, settings, completion, slab, errors)
    where T : unmanaged
{
    protected override bool LeavesWhenHandled => true;

    protected override bool TryPrepare(out long slot, Action look)
    {
        slot = 0;
        return true;
    }

    internal override void Unprepare(long slot) { }

    internal override ValueTask Handle(Lease<T> message, long slot) => handle(message);

    protected override void PassOn(long position, long slot, bool hasResult) { }

    protected override void OnEnded() => BlockEnd.Finish();
}

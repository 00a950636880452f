using Psyne.Flow.Atomics;
using Psyne.Flow.Blocks;
using Xunit;

namespace Psyne.Flow.ModelChecking.Blocks;

/// <summary>
/// A worker that builds batches of messages outside the lock of the queue they go into, as SerialTransform does, and a
/// watch that shows what is finished in the middle of one, as StallWatch has it done.
/// </summary>
internal sealed unsafe class ResultRun<TAtomics>(ModelMemory memory, int batches, int batch) where TAtomics : struct, IAtomics
{
    private readonly long* _lock = memory.Longs(1, "lock");
    private readonly int* _finished = (int*)memory.Longs(1, "finished");
    private readonly long* _messages = memory.Longs(batches * batch, "messages");

    // Under the lock.
    private readonly long* _tail = memory.Longs(1, "tail");
    private readonly long* _buildStart = memory.Longs(1, "build start");
    private readonly long* _building = memory.Longs(1, "building");

    /// <summary>Seeded bug: the word is read before the lock is taken, so that it may be of the batch before.</summary>
    public bool LooksBeforeTheLock { get; init; }

    public void Work()
    {
        for (var i = 0; i < batches; i++)
        {
            Enter();
            TAtomics.StorePlain(ref *_buildStart, TAtomics.LoadPlain(ref *_tail));
            TAtomics.StorePlain(ref *_building, 1);
            Exit();
            for (var built = 0; built < batch; built++)
            {
                TAtomics.StorePlain(ref _messages[(i * batch) + built], 7);
                WorkProgress<TAtomics>.Finish(ref *_finished, built + 1);
            }

            Enter();
            TAtomics.StorePlain(ref *_tail, TAtomics.LoadPlain(ref *_buildStart) + batch);
            TAtomics.StorePlain(ref *_building, 0);
            Exit();
            WorkProgress<TAtomics>.Finish(ref *_finished, 0);
        }
    }

    /// <summary>Shows what is finished, and reads all that is shown.</summary>
    public void Watch()
    {
        var early = WorkProgress<TAtomics>.Finished(ref *_finished);
        if (early == 0)
            return;
        Enter();
        var finished = LooksBeforeTheLock ? early : WorkProgress<TAtomics>.Finished(ref *_finished);
        if (TAtomics.LoadPlain(ref *_building) == 1)
            TAtomics.StorePlain(ref *_tail, Math.Max(TAtomics.LoadPlain(ref *_tail), TAtomics.LoadPlain(ref *_buildStart) + finished));
        var shown = TAtomics.LoadPlain(ref *_tail);
        Exit();
        for (var i = 0; i < shown; i++)
            Assert.Equal(7, TAtomics.LoadPlain(ref _messages[i]));
    }

    private void Enter()
    {
        while (TAtomics.CompareExchange(ref *_lock, 1, 0) != 0)
            TAtomics.Pause();
    }

    private void Exit() => TAtomics.StoreRelease(ref *_lock, 0);
}

using Psyne.Flow.Atomics;
using Psyne.Flow.Blocks;
using Xunit;

namespace Psyne.Flow.ModelChecking.Blocks;

/// <summary>Work as BlockWork has it run: who asks writes a message first, and each run takes in every message that it sees.</summary>
internal sealed unsafe class RequestedWork<TAtomics>(ModelMemory memory, int messages) where TAtomics : struct, IAtomics
{
    private readonly int* _state = (int*)memory.Longs(1, "state");
    private readonly long* _queued = memory.Longs(1, "runs queued");
    private readonly long* _messages = memory.Longs(messages, "messages");
    private readonly long* _taken = memory.Longs(1, "taken"); // by runs alone, one at a time
    private readonly long* _done = memory.Longs(1, "done");

    /// <summary>Writes a message and asks for a run: only the request shows it.</summary>
    public void Ask(int message)
    {
        TAtomics.StoreRelaxed(ref _messages[message], 1);
        if (WorkState<TAtomics>.Request(ref *_state))
            TAtomics.Add(ref *_queued, 1);
    }

    /// <summary>A pool thread: runs what is queued until all messages were taken in.</summary>
    public void Serve()
    {
        while (TAtomics.LoadAcquire(ref *_done) == 0)
        {
            var queued = TAtomics.LoadAcquire(ref *_queued);
            if (queued == 0 || TAtomics.CompareExchange(ref *_queued, queued - 1, queued) != queued)
                TAtomics.Pause();
            else
                Run();
        }
    }

    private void Run()
    {
        WorkState<TAtomics>.Begin(ref *_state);
        var taken = TAtomics.LoadPlain(ref *_taken);
        for (var i = 0; i < messages; i++)
        {
            if (TAtomics.LoadAcquire(ref _messages[i]) == 1)
            {
                TAtomics.StoreRelease(ref _messages[i], 2);
                taken++;
            }
        }

        TAtomics.StorePlain(ref *_taken, taken);
        if (!WorkState<TAtomics>.End(ref *_state))
            TAtomics.Add(ref *_queued, 1);
        if (taken == messages)
            TAtomics.StoreRelease(ref *_done, 1);
    }

    public void CheckAllTaken()
    {
        for (var i = 0; i < messages; i++)
            Assert.Equal(2, TAtomics.LoadAcquire(ref _messages[i]));
    }
}

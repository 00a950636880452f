using Psyne.Flow.Atomics;
using Psyne.Flow.Blocks;
using Xunit;

namespace Psyne.Flow.ModelChecking.Blocks;

/// <summary>A run of two handles that its builder closes, as JoinRun does it; the last to end begins its next life with another payload.</summary>
internal sealed unsafe class SharedRun<TAtomics> where TAtomics : struct, IAtomics
{
    private readonly long* _word;
    private readonly long* _payload;
    private readonly long* _ends;
    private readonly long* _lives;
    private readonly long _life;

    public SharedRun(ModelMemory memory)
    {
        _word = memory.Longs(1, "run");
        _payload = memory.Longs(1, "payload");
        _ends = memory.Longs(1, "ends");
        _lives = memory.Longs(1, "lives");
        _life = RunWord<TAtomics>.Begin(ref *_word);
        TAtomics.StorePlain(ref *_payload, 7);
    }

    /// <summary>Reads and ends a handle, or a copy of one.</summary>
    public void End(int index)
    {
        var handle = _life | (uint)index;
        if (RunWord<TAtomics>.TryEnd(ref *_word, handle, out var wasLast))
            TAtomics.Add(ref *_ends, 1);
        if (wasLast)
            BeginAgain();
    }

    /// <summary>As <see cref="End"/>, by the only holder of that handle, who reads first.</summary>
    public void ReadAndEnd(int index)
    {
        Assert.True(RunWord<TAtomics>.IsLive(ref *_word, _life | (uint)index));
        Assert.Equal(7, TAtomics.LoadPlain(ref *_payload));
        End(index);
    }

    /// <summary>The builder gave out two handles, and no more come.</summary>
    public void Close()
    {
        if (RunWord<TAtomics>.Close(ref *_word, 2))
            BeginAgain();
    }

    private void BeginAgain()
    {
        TAtomics.StorePlain(ref *_payload, 8);
        RunWord<TAtomics>.Begin(ref *_word);
        TAtomics.Add(ref *_lives, 1);
    }

    /// <summary>Both handles ended, once each; the run began anew, once; and nothing of the new life has ended.</summary>
    public void Check()
    {
        Assert.Equal(2, TAtomics.LoadAcquire(ref *_ends));
        Assert.Equal(1, TAtomics.LoadAcquire(ref *_lives));
        for (var i = 0; i < RunWord<TAtomics>.Handles; i++)
            Assert.True(RunWord<TAtomics>.IsLive(ref *_word, _life + (1L << 32) + i));
    }
}

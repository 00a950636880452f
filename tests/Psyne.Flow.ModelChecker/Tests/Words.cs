namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>The state of a litmus test: three shared words, two plain ones, and what each thread has seen.</summary>
internal sealed unsafe class Words
{
    private readonly long* _x;
    private readonly long* _y;
    private readonly long* _data;
    private readonly int* _signal;

    public Words(ModelMemory memory)
    {
        _x = memory.Longs(1, "x");
        _y = memory.Longs(1, "y");
        _data = memory.Longs(2, "data");
        _signal = memory.Ints(1, "signal");
    }

    public ref long X => ref *_x;

    public ref long Y => ref *_y;

    /// <summary>A word to park on.</summary>
    public ref int Signal => ref *_signal;

    /// <summary>Plain words.</summary>
    public ref long Data => ref _data[0];

    public ref long MoreData => ref _data[1];

    /// <summary>What the threads have seen: the checker knows nothing of it.</summary>
    public long[] Seen { get; } = new long[8];

    /// <summary>Whether each of two threads has seen that the other hadn't stored yet.</summary>
    public bool BothSawNothing => Seen[0] == 0 && Seen[1] == 0;

    public void Observe(int slot, ref long word) => Seen[slot] = ModelAtomics.LoadAcquire(ref word);
}

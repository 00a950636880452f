using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Psyne.Flow.ModelChecking.Hardware;

/// <summary>
/// Store buffering on the real machine: two threads meet, each stores its own word and loads the other's. Counts how
/// often both missed the other's store.
/// </summary>
/// <remarks>
/// Every round has its own pair of cache lines, so that results can be looked at after a batch; words of the last
/// batch are still in the other core's cache, which is what keeps stores waiting in the buffer.
/// </remarks>
internal sealed class StoreBufferingLitmus<TFirst, TSecond>
    where TFirst : struct, IStoreLoadFence
    where TSecond : struct, IStoreLoadFence
{
    private const int Rounds = 1024;

    /// <summary>Longs from one word to the next: two cache lines, for the adjacent-line prefetcher.</summary>
    private const int Stride = 16;

    private readonly long[] _x = new long[(Rounds + 1) * Stride];
    private readonly long[] _y = new long[(Rounds + 1) * Stride];
    private readonly long[] _seenByFirst = new long[Rounds];
    private readonly long[] _seenBySecond = new long[Rounds];
    private readonly long[] _arrived = new long[4 * Stride];
    private bool _isOver;

    /// <summary>Rounds run.</summary>
    public long Total { get; private set; }

    /// <summary>Rounds in which both loads missed the other's store.</summary>
    public long BothMissed { get; private set; }

    /// <summary>
    /// Runs until both have missed, or the time is up; up to five times as long on a busy machine, when fewer rounds
    /// than <paramref name="rounds"/> were run by then.
    /// </summary>
    public void Run(TimeSpan limit, long rounds)
    {
        var second = new Thread(RunSecond) { IsBackground = true, Name = "store-buffering litmus" };
        second.Start();
        var watch = Stopwatch.StartNew();
        for (long meeting = 0; ;)
        {
            _isOver = BothMissed > 0 || watch.Elapsed > (Total < rounds ? 5 * limit : limit);
            Meet(Stride, 2 * Stride, ++meeting);
            if (_isOver)
            {
                break;
            }

            for (var round = 0; round < Rounds; round++)
            {
                Meet(Stride, 2 * Stride, ++meeting);
                Volatile.Write(ref _x[(round + 1) * Stride], 1);
                TFirst.Run();
                _seenByFirst[round] = Volatile.Read(ref _y[(round + 1) * Stride]);
            }

            Meet(Stride, 2 * Stride, ++meeting);
            Count();
        }

        second.Join();
    }

    private void RunSecond()
    {
        for (long meeting = 0; ;)
        {
            Meet(2 * Stride, Stride, ++meeting);
            if (Volatile.Read(ref _isOver))
            {
                return;
            }

            for (var round = 0; round < Rounds; round++)
            {
                Meet(2 * Stride, Stride, ++meeting);
                Volatile.Write(ref _y[(round + 1) * Stride], 1);
                TSecond.Run();
                _seenBySecond[round] = Volatile.Read(ref _x[(round + 1) * Stride]);
            }

            Meet(2 * Stride, Stride, ++meeting);
        }
    }

    private void Count()
    {
        for (var round = 0; round < Rounds; round++)
        {
            BothMissed += _seenByFirst[round] == 0 && _seenBySecond[round] == 0 ? 1 : 0;
        }

        Total += Rounds;
        Array.Clear(_x);
        Array.Clear(_y);
    }

    /// <summary>Waits until the other side has come to the same meeting.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Meet(int own, int other, long meeting)
    {
        Volatile.Write(ref _arrived[own], meeting);
        for (var looks = 1; Volatile.Read(ref _arrived[other]) < meeting; looks++)
        {
            if (looks % 4096 == 0)
            {
                Thread.Yield();
            }
        }
    }
}

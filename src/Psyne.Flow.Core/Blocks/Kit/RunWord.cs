using Psyne.Flow.Atomics;

namespace Psyne.Flow.Blocks;

/// <summary>
/// Which of up to 31 handles of one run are live, and in which life of it: each handle ends once, and who ends the last
/// one gives the run back.
/// </summary>
/// <remarks>
/// <code>
/// 63            32  31     30 ... 0
/// | life of the run | open | handle live |      a handle is { life, index }
/// </code>
/// The open bit is the builder's: the run isn't given back while more may come. A life of 32 bits wraps after four billion
/// uses of one run.
/// </remarks>
internal static class RunWord<TAtomics> where TAtomics : struct, IAtomics
{
    /// <summary>Handles of a run.</summary>
    internal const int Handles = 31;

    private const int LifeShift = 32;
    private const long AllLive = (1L << LifeShift) - 1;
    private const long IndexMask = Handles;

    internal static int IndexOf(long handle) => (int)(handle & IndexMask);

    /// <summary>Begins the next life of a run that nobody holds; the life, as handles have it.</summary>
    internal static long Begin(ref long word)
    {
        var life = ((TAtomics.LoadAcquire(ref word) >>> LifeShift) + 1) << LifeShift;
        TAtomics.StoreRelease(ref word, life | AllLive);
        return life;
    }

    /// <summary>Whether the handle has not ended.</summary>
    internal static bool IsLive(ref readonly long word, long handle)
    {
        var seen = TAtomics.LoadAcquire(in word);
        return (seen ^ handle) >>> LifeShift == 0 && (seen & (1L << IndexOf(handle))) != 0;
    }

    /// <summary>Ends a handle. False when it has ended before.</summary>
    /// <param name="word">The run's word.</param>
    /// <param name="handle">The handle.</param>
    /// <param name="wasLast">Whether the run is nobody's now, so that the caller gives it back.</param>
    internal static bool TryEnd(ref long word, long handle, out bool wasLast)
    {
        wasLast = false;
        while (true)
        {
            var seen = TAtomics.LoadAcquire(ref word); // SYNC: run-end (load)
            var bit = 1L << IndexOf(handle);
            if ((seen ^ handle) >>> LifeShift != 0 || (seen & bit) == 0)
                return false;
            if (TAtomics.CompareExchange(ref word, seen & ~bit, seen) != seen) // SYNC: run-end (store)
                continue;
            wasLast = (seen & ~bit & AllLive) == 0;
            return true;
        }
    }

    /// <summary>The builder is done: the handles from <paramref name="used"/> on were never given out. True when the run is nobody's now.</summary>
    internal static bool Close(ref long word, int used)
    {
        var given = (1L << used) - 1;
        while (true)
        {
            var seen = TAtomics.LoadAcquire(ref word);
            var next = (seen & ~AllLive) | (seen & given);
            if (TAtomics.CompareExchange(ref word, next, seen) == seen)
                return (seen & given) == 0;
        }
    }
}

namespace Psyne.Flow.Channels;

/// <summary>A small number for each live thread that asks, used again after the thread has gone.</summary>
internal static class ThreadIndex
{
    /// <summary>Threads beyond so many share; they get -1.</summary>
    internal const int Limit = 64;

    private static readonly Lock s_lock = new();
    private static ulong s_taken;

    [ThreadStatic] private static int t_indexPlusOne;
    [ThreadStatic] private static Holder? t_holder;

    internal static int Current
    {
        get
        {
            var index = t_indexPlusOne;
            return index != 0 ? index - 1 : Take();
        }
    }

    private static int Take()
    {
        lock (s_lock)
        {
            var index = System.Numerics.BitOperations.TrailingZeroCount(~s_taken);
            if (index >= Limit)
                return -1; // not remembered: a place may be free the next time
            s_taken |= 1UL << index;
            t_indexPlusOne = index + 1;
            t_holder = new Holder(index);
            return index;
        }
    }

    /// <summary>Lives as long as its thread's statics do; its finalizer gives the number back.</summary>
    private sealed class Holder(int index)
    {
        ~Holder()
        {
            lock (s_lock)
                s_taken &= ~(1UL << index);
        }
    }
}

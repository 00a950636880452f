#pragma warning disable RS0030 // whether the timer runs; nothing on the slab is ordered by it
using Psyne.Flow.Channels;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow.Blocks;

/// <summary>
/// Leases that a foreign block dropped come back when their tickets are finalized. Where somebody waits for a slot of a pool
/// that has had none for <see cref="Period"/>, with tickets out, a collection is asked for: at most one a second.
/// </summary>
/// <remarks>Thread-safe. One timer for the process, which runs while tickets are out.</remarks>
internal static class LostLeases
{
    private const int Period = 100;
    private const long LeastBetween = 1000;

    private static readonly Timer s_timer = new(static _ => Tick(), null, Timeout.Infinite, Timeout.Infinite);
    private static readonly Lock s_ticking = new();

    // Under s_ticking.
    private static HashSet<ChannelCore> s_full = [];
    private static HashSet<ChannelCore> s_nowFull = [];
    private static long s_last = -LeastBetween;
    private static int s_asked;

    private static int s_runs;

    /// <summary>A ticket went out.</summary>
    internal static void Watch()
    {
        if (Volatile.Read(ref s_runs) == 0 && Interlocked.Exchange(ref s_runs, 1) == 0)
            s_timer.Change(Period, Period);
    }

    private static void Tick()
    {
        if (!s_ticking.TryEnter())
            return; // a collection takes its time
        try
        {
            if (LeaseTicket.Outstanding == 0)
            {
                s_full.Clear();
                s_timer.Change(Timeout.Infinite, Timeout.Infinite);
                Volatile.Write(ref s_runs, 0);
                if (LeaseTicket.Outstanding > 0) // it went out meanwhile
                    Watch();
                return;
            }
            AskIfFull();
        }
        finally
        {
            s_ticking.Exit();
        }
    }

    private static void AskIfFull()
    {
        var stayedFull = false;
        foreach (var channel in ChannelRegistry.Live())
            if (channel is { Pool.HasFree: false, Space.IsIdle: false })
            {
                s_nowFull.Add(channel);
                stayedFull |= s_full.Contains(channel);
            }
        (s_full, s_nowFull) = (s_nowFull, s_full);
        s_nowFull.Clear();
        if (!stayedFull)
        {
            s_asked = 0;
            return;
        }
        var now = Environment.TickCount64;
        if (now - s_last < LeastBetween)
            return;
        s_last = now;
        GC.Collect(s_asked++ == 0 ? 1 : GC.MaxGeneration, GCCollectionMode.Forced, blocking: true); // young tickets first: it is cheap
    }
}

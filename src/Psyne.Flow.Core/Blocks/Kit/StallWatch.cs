#pragma warning disable RS0030 // a count that two ticks compare; nothing on the slab is ordered by it
namespace Psyne.Flow.Blocks;

/// <summary>
/// Workers handle messages by batches and pass results on at a batch's end. Where a delegate doesn't return for a while in
/// the middle of one, the watch passes on what was done before it, so that nobody waits for a message that is finished.
/// </summary>
/// <remarks>Thread-safe. One timer for the process, which runs while a worker does.</remarks>
internal static class StallWatch
{
    private const int TickMilliseconds = 5;

    private static readonly Lock s_lock = new();
    private static readonly List<IWatched> s_running = [];
    private static readonly Timer s_timer = new(static _ => Tick(), null, Timeout.Infinite, Timeout.Infinite);
    private static readonly List<IWatched> s_stalled = [];
    private static readonly List<IDelayed> s_due = [];
    private static readonly List<IDelayed> s_delayed = [];
    private static bool s_ticks;

    internal interface IWatched
    {
        int WatchIndex { get; set; }

        /// <summary>Messages handled in this run.</summary>
        long Progress { get; }

        long SeenProgress { get; set; }

        /// <summary>Passes on what is finished. Called on another thread than the worker's, without locks.</summary>
        void PassOn();
    }

    internal interface IDelayed
    {
        void Run();
    }

    /// <summary>Calls it once, a tick from now or so, on another thread.</summary>
    internal static void Later(IDelayed call)
    {
        lock (s_lock)
        {
            s_delayed.Add(call);
            Start();
        }
    }

    private static void Start()
    {
        if (s_ticks)
            return;
        s_ticks = true;
        s_timer.Change(TickMilliseconds, TickMilliseconds);
    }

    internal static void Add(IWatched worker)
    {
        lock (s_lock)
        {
            worker.WatchIndex = s_running.Count;
            worker.SeenProgress = -1;
            s_running.Add(worker);
            Start();
        }
    }

    internal static void Remove(IWatched worker)
    {
        lock (s_lock)
        {
            var last = s_running[^1];
            s_running[worker.WatchIndex] = last;
            last.WatchIndex = worker.WatchIndex;
            s_running.RemoveAt(s_running.Count - 1);
        }
    }

    private static void Tick()
    {
        if (!Monitor.TryEnter(s_stalled))
            return; // the tick before is still at it
        try
        {
            lock (s_lock)
            {
                foreach (var worker in s_running)
                {
                    var progress = worker.Progress;
                    if (progress == worker.SeenProgress)
                        s_stalled.Add(worker);
                    worker.SeenProgress = progress;
                }
                s_due.AddRange(s_delayed);
                s_delayed.Clear();
                if (s_running.Count == 0 && s_due.Count == 0)
                {
                    s_ticks = false;
                    s_timer.Change(Timeout.Infinite, Timeout.Infinite);
                }
            }
            foreach (var worker in s_stalled)
                worker.PassOn();
            foreach (var call in s_due)
                call.Run();
        }
        finally
        {
            s_stalled.Clear();
            s_due.Clear();
            Monitor.Exit(s_stalled);
        }
    }
}

#pragma warning disable RS0030 // the clock of the last collection; nothing on the slab is ordered by it
using Psyne.Flow.Slots;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Blocks;

/// <summary>Those who wait for a free slot of a pool that is leased out.</summary>
/// <remarks>
/// Thread-safe. Leases that a foreign block dropped come back when their tickets are finalized: where nothing else frees a
/// slot for <see cref="Patience"/>, a collection is asked for, at most one a second in the process.
/// </remarks>
internal sealed class FreeSlotWaiter : WaitNode, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static long s_lastCollection = -1000;

    private readonly Lock _lock = new();
    private readonly SlotPool _pool;
    private readonly Timer _timer;
    private int _asked;
    private List<Action> _waiting = [];
    private List<Action> _spare = [];

    internal FreeSlotWaiter(SlotPool pool)
    {
        _pool = pool;
        _timer = new Timer(static waiter => ((FreeSlotWaiter)waiter!).AskForCollection(), this, Timeout.Infinite, Timeout.Infinite);
    }

    internal void Add(Action look)
    {
        lock (_lock)
        {
            _waiting.Add(look);
            if (_waiting.Count > 1)
                return; // listed already
            _pool.Channel.Space.Add(this);
            _timer.Change(Patience, Timeout.InfiniteTimeSpan);
        }
        // What was freed just before is told to nobody.
        if (_pool.HasFree && _pool.Channel.Space.TryRemove(this))
            Signal();
    }

    internal override void Signal()
    {
        List<Action> told;
        lock (_lock)
        {
            told = _waiting;
            _asked = 0;
            (_waiting, _spare) = (_spare, []);
            _timer.Change(Timeout.Infinite, Timeout.Infinite);
        }
        foreach (var look in told)
            look();
        told.Clear();
        lock (_lock)
            _spare = told;
    }

    public void Dispose() => _timer.Dispose();

    private void AskForCollection()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
                return;
            _timer.Change(Patience, Timeout.InfiniteTimeSpan);
        }
        var last = Volatile.Read(ref s_lastCollection);
        var now = Environment.TickCount64;
        if (LeaseTicket.Outstanding > 0 && now - last >= 1000 && Interlocked.CompareExchange(ref s_lastCollection, now, last) == last)
            GC.Collect(_asked++ == 0 ? 1 : GC.MaxGeneration, GCCollectionMode.Forced, blocking: true); // young tickets first: it is cheap
    }
}

using Psyne.Flow.Slots;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Blocks;

/// <summary>Those who wait for a free slot of a pool that is leased out.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FreeSlotWaiter(SlotPool pool) : WaitNode
{
    private readonly Lock _lock = new();
    private List<Action> _waiting = [];
    private List<Action> _spare = [];

    internal void Add(Action look)
    {
        lock (_lock)
        {
            _waiting.Add(look);
            if (_waiting.Count > 1)
                return; // listed already
            pool.Channel.Space.Add(this);
        }
        // What was freed just before is told to nobody.
        if (pool.HasFree && pool.Channel.Space.TryRemove(this))
            Signal();
    }

    internal override void Signal()
    {
        List<Action> told;
        lock (_lock)
        {
            told = _waiting;
            (_waiting, _spare) = (_spare, []);
        }
        foreach (var look in told)
            look();
        told.Clear();
        lock (_lock)
            _spare = told;
    }
}

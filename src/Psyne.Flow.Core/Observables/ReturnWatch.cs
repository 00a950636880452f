namespace Psyne.Flow.Observables;

/// <summary>
/// Counts the retained leases of all of a pump's observers, and has the pump run when one returns that it waits for: room
/// may be an observer's own budget, or slots that all of them share.
/// </summary>
/// <remarks>Thread-safe; <c>_lock</c> comes after any other.</remarks>
internal sealed class ReturnWatch(Action look)
{
    private readonly Lock _lock = new();
    private long _held;
    private bool _expects;

    /// <summary>From now on the next return has the pump run. Whether there is a lease that can return.</summary>
    internal bool Expect()
    {
        lock (_lock)
        {
            _expects = true;
            return _held > 0;
        }
    }

    internal void OnGiven()
    {
        lock (_lock)
            _held++;
    }

    internal void OnReturned(int count)
    {
        bool looks;
        lock (_lock)
        {
            _held -= count;
            looks = _expects;
            _expects = false;
        }
        if (looks)
            look();
    }
}

namespace Psyne.Flow.Waiting;

/// <summary>
/// Sleeping on a 32-bit word until another thread of this process wakes whoever sleeps on that address: the futex of
/// Linux, and on other systems a table of monitors that behaves like one.
/// </summary>
/// <remarks>
/// The word must not move: it lies on a slab, in other native memory, or in a pinned array. Waking never reads or
/// writes the word; the waker changes it first, so that whoever is about to sleep sees the change instead.
/// </remarks>
internal static unsafe class AddressWait
{
    /// <summary>Whether this system has a futex that the library knows how to call.</summary>
    internal static bool HasFutex => Futex.IsSupported;

    /// <summary>
    /// Uses the table of monitors even where there is a futex. For tests, and set only while nobody waits: a waiter
    /// is found only by the mechanism it went to sleep with.
    /// </summary>
    internal static bool UseMonitors { get; set; } = !Futex.IsSupported;

    /// <summary>
    /// Sleeps while <paramref name="word"/> holds <paramref name="expected"/>, until a <see cref="Wake"/>, the
    /// timeout, or for no reason at all: callers look at their condition again.
    /// </summary>
    /// <param name="word">The word to sleep on; compared once more, atomically with falling asleep.</param>
    /// <param name="expected">The value that allows sleeping; any other returns at once.</param>
    /// <param name="timeoutMilliseconds">Monotonic time; -1 for no timeout.</param>
    /// <returns>False only when the time is up.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeoutMilliseconds"/> is below -1.</exception>
    internal static bool Wait(ref int word, int expected, int timeoutMilliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeoutMilliseconds, Timeout.Infinite);
        fixed (int* address = &word)
        {
            return UseMonitors
                ? MonitorTable.Wait(address, expected, timeoutMilliseconds)
                : Futex.Wait(address, expected, timeoutMilliseconds);
        }
    }

    /// <summary>Wakes up to <paramref name="count"/> threads that sleep on <paramref name="word"/>.</summary>
    /// <param name="word">The word they sleep on; only its address counts.</param>
    /// <param name="count">How many at most; <see cref="int.MaxValue"/> for all.</param>
    /// <returns>How many it woke.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    internal static int Wake(ref int word, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
        {
            return 0; // the futex would still wake one
        }

        fixed (int* address = &word)
        {
            return UseMonitors ? MonitorTable.Wake(address, count) : Futex.Wake(address, count);
        }
    }
}

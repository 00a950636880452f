namespace Psyne.Flow.Atomics;

/// <summary>
/// Every access that a lock-free primitive makes to memory it shares. The primitives are generic over it
/// (<c>where TAtomics : struct, IAtomics</c>), so that the JIT compiles them onto <see cref="HardwareAtomics"/>
/// at no cost, and the model checker runs the very same source on simulated memory.
/// </summary>
/// <remarks>
/// The order that a method gives is in its name, and nothing stronger may be assumed: <c>Plain</c> none at all
/// (a concurrent conflicting access is a data race, an error), <c>Acquire</c> and <c>Release</c> as
/// <c>Volatile</c> gives them, read-modify-writes and <c>FullFence</c> sequentially consistent.
/// Locations lie on a slab or in other memory that doesn't move.
/// </remarks>
internal interface IAtomics
{
    /// <summary>Reads data that no other thread writes at the same time.</summary>
    static abstract T LoadPlain<T>(ref readonly T location) where T : unmanaged;

    /// <summary>Writes data that no other thread reads or writes at the same time.</summary>
    static abstract void StorePlain<T>(ref T location, T value) where T : unmanaged;

    /// <summary>Writes a shared word that others may read at the same time: in one piece, and ordered by nothing.</summary>
    static abstract void StoreRelaxed(ref long location, long value);

    /// <summary>Reads a shared word: nothing after it in program order is done before it.</summary>
    static abstract long LoadAcquire(ref readonly long location);

    /// <inheritdoc cref="LoadAcquire(ref readonly long)"/>
    static abstract int LoadAcquire(ref readonly int location);

    /// <summary>Writes a shared word: everything before it in program order is visible to whoever acquires the value.</summary>
    static abstract void StoreRelease(ref long location, long value);

    /// <inheritdoc cref="StoreRelease(ref long, long)"/>
    static abstract void StoreRelease(ref int location, int value);

    /// <summary>Replaces <paramref name="comparand"/> by <paramref name="value"/>; returns what was there. A full fence.</summary>
    static abstract long CompareExchange(ref long location, long value, long comparand);

    /// <inheritdoc cref="CompareExchange(ref long, long, long)"/>
    static abstract int CompareExchange(ref int location, int value, int comparand);

    /// <summary>Adds and returns the new value. A full fence.</summary>
    static abstract long Add(ref long location, long value);

    /// <inheritdoc cref="Add(ref long, long)"/>
    static abstract int Add(ref int location, int value);

    /// <summary>Orders everything before it before everything after it, for all threads.</summary>
    static abstract void FullFence();

    /// <summary>A full fence on every running thread of the process (or of all registered processes).</summary>
    static abstract void ProcessWideBarrier();

    /// <summary>Tells the core that this thread only waits for another; in the checker, lets the others run.</summary>
    static abstract void Pause();

    /// <summary>Leaves a contended line to others for the time of so many pauses; in the checker, nothing.</summary>
    static abstract void Pause(int times);

    /// <summary>
    /// Sleeps while <paramref name="word"/> holds <paramref name="expected"/>, until an <see cref="Unpark"/>, the
    /// timeout, or for no reason at all. Returns false only on timeout.
    /// </summary>
    /// <param name="word">The word; looked at once more, atomically with falling asleep.</param>
    /// <param name="expected">The value that allows sleeping.</param>
    /// <param name="timeoutMilliseconds">-1 for no timeout.</param>
    static abstract bool Park(ref int word, int expected, int timeoutMilliseconds);

    /// <summary>Wakes up to <paramref name="count"/> threads parked on <paramref name="word"/>.</summary>
    static abstract void Unpark(ref int word, int count);
}

using Psyne.Flow.Atomics;

namespace Psyne.Flow.ModelChecking;

/// <summary>The seam, carried out by the execution that the calling thread takes part in.</summary>
internal readonly struct ModelAtomics : IAtomics
{
    public static T LoadPlain<T>(ref readonly T location) where T : unmanaged =>
        Execution.Required.LoadPlain(in location);

    public static void StorePlain<T>(ref T location, T value) where T : unmanaged =>
        Execution.Required.StorePlain(ref location, value);

    public static void StoreRelaxed(ref long location, long value) =>
        Execution.Required.StoreRelaxed(Address.Of(in location), isLong: true, value);

    /// <summary>Not part of the seam: for seeded bugs.</summary>
    public static void StoreRelaxed(ref int location, int value) =>
        Execution.Required.StoreRelaxed(Address.Of(in location), isLong: false, value);

    /// <summary>Not part of the seam: for seeded bugs.</summary>
    public static long LoadRelaxed(ref readonly long location) =>
        Execution.Required.LoadRelaxed(Address.Of(in location), isLong: true);

    /// <inheritdoc cref="LoadRelaxed(ref readonly long)"/>
    public static int LoadRelaxed(ref readonly int location) =>
        (int)Execution.Required.LoadRelaxed(Address.Of(in location), isLong: false);

    public static long LoadAcquire(ref readonly long location) =>
        Execution.Required.LoadAcquire(Address.Of(in location), isLong: true);

    public static int LoadAcquire(ref readonly int location) =>
        (int)Execution.Required.LoadAcquire(Address.Of(in location), isLong: false);

    public static void StoreRelease(ref long location, long value) =>
        Execution.Required.StoreRelease(Address.Of(in location), isLong: true, value);

    public static void StoreRelease(ref int location, int value) =>
        Execution.Required.StoreRelease(Address.Of(in location), isLong: false, value);

    public static long CompareExchange(ref long location, long value, long comparand) =>
        Execution.Required.CompareExchange(Address.Of(in location), isLong: true, value, comparand);

    public static int CompareExchange(ref int location, int value, int comparand) =>
        (int)Execution.Required.CompareExchange(Address.Of(in location), isLong: false, value, comparand);

    public static long Add(ref long location, long value) =>
        Execution.Required.Add(Address.Of(in location), isLong: true, value);

    public static int Add(ref int location, int value) =>
        (int)Execution.Required.Add(Address.Of(in location), isLong: false, value);

    public static void FullFence() => Execution.Required.FullFence();

    public static void ProcessWideBarrier() => Execution.Required.ProcessWideBarrier();

    public static void Pause() => Execution.Required.Pause();

    /// <summary>Nothing: backing off changes when things happen, and every order is explored anyway.</summary>
    public static void Pause(int times)
    {
    }

    public static bool Park(ref int word, int expected, int timeoutMilliseconds) =>
        Execution.Required.Park(Address.Of(in word), expected, timeoutMilliseconds);

    public static void Unpark(ref int word, int count) => Execution.Required.Unpark(Address.Of(in word), count);
}

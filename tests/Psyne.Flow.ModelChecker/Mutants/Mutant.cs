using Psyne.Flow.Atomics;

namespace Psyne.Flow.ModelChecking.Mutants;

/// <summary>
/// The checker's atomics with one bug. What the library's own source does on them is what it would do if that one
/// operation had been written, or compiled, too weakly.
/// </summary>
internal readonly struct Mutant<TBug> : IAtomics
    where TBug : struct, IBug
{
    public static T LoadPlain<T>(ref readonly T location) where T : unmanaged => ModelAtomics.LoadPlain(in location);

    public static void StorePlain<T>(ref T location, T value) where T : unmanaged => ModelAtomics.StorePlain(ref location, value);

    public static void StoreRelaxed(ref long location, long value) => ModelAtomics.StoreRelaxed(ref location, value);

    public static long LoadAcquire(ref readonly long location) =>
        Hits(Weakness.Acquire, in location) ? ModelAtomics.LoadRelaxed(in location) : ModelAtomics.LoadAcquire(in location);

    public static int LoadAcquire(ref readonly int location) =>
        Hits(Weakness.Acquire, in location) ? ModelAtomics.LoadRelaxed(in location) : ModelAtomics.LoadAcquire(in location);

    public static void StoreRelease(ref long location, long value)
    {
        if (Hits(Weakness.Release, in location))
        {
            ModelAtomics.StoreRelaxed(ref location, value);
        }
        else
        {
            ModelAtomics.StoreRelease(ref location, value);
        }
    }

    public static void StoreRelease(ref int location, int value)
    {
        if (Hits(Weakness.Release, in location))
        {
            ModelAtomics.StoreRelaxed(ref location, value);
        }
        else
        {
            ModelAtomics.StoreRelease(ref location, value);
        }
    }

    public static long CompareExchange(ref long location, long value, long comparand)
    {
        if (Hits(Weakness.Tag, in location))
        {
            long latest = location;
            bool matches = ((latest ^ comparand) & 0xFF_FFFF) == 0;
            return ModelAtomics.CompareExchange(ref location, value, matches ? latest : comparand) == latest && matches ? comparand : latest;
        }

        if (!Hits(Weakness.Atomicity, in location))
        {
            return ModelAtomics.CompareExchange(ref location, value, comparand);
        }

        long found = ModelAtomics.LoadAcquire(in location);
        if (found == comparand)
        {
            ModelAtomics.StoreRelease(ref location, value);
        }

        return found;
    }

    public static int CompareExchange(ref int location, int value, int comparand)
    {
        if (!Hits(Weakness.Atomicity, in location))
        {
            return ModelAtomics.CompareExchange(ref location, value, comparand);
        }

        int found = ModelAtomics.LoadAcquire(in location);
        if (found == comparand)
        {
            ModelAtomics.StoreRelease(ref location, value);
        }

        return found;
    }

    public static long Add(ref long location, long value)
    {
        if (!Hits(Weakness.Atomicity, in location))
        {
            return ModelAtomics.Add(ref location, value);
        }

        long sum = ModelAtomics.LoadAcquire(in location) + value;
        ModelAtomics.StoreRelease(ref location, sum);
        return sum;
    }

    public static int Add(ref int location, int value) => ModelAtomics.Add(ref location, value);

    public static void FullFence()
    {
        if (TBug.Weakness != Weakness.Fence)
        {
            ModelAtomics.FullFence();
        }
    }

    public static void ProcessWideBarrier()
    {
        if (TBug.Weakness != Weakness.Barrier)
        {
            ModelAtomics.ProcessWideBarrier();
        }
    }

    public static void Pause() => ModelAtomics.Pause();

    public static void Pause(int times) => ModelAtomics.Pause(times);

    public static bool Park(ref int word, int expected, int timeoutMilliseconds) =>
        ModelAtomics.Park(ref word, expected, timeoutMilliseconds);

    public static void Unpark(ref int word, int count)
    {
        if (TBug.Weakness != Weakness.Wake)
        {
            ModelAtomics.Unpark(ref word, count);
        }
    }

    private static bool Hits<T>(Weakness weakness, ref readonly T location) where T : unmanaged =>
        TBug.Weakness == weakness
        && Execution.Required.Memory.NameOf(Address.Of(in location)).StartsWith(TBug.Block, StringComparison.Ordinal);
}

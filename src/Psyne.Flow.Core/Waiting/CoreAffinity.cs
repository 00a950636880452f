using Psyne.Flow.Interop;

namespace Psyne.Flow.Waiting;

/// <summary>Binds the current thread to a core, where the system lets it: on Linux.</summary>
internal static unsafe class CoreAffinity
{
    private const int MaskWords = (WorkerPoolOptions.MaxCore + 1) / 64;

    /// <summary>Binds the current thread to one core; false where that can't be done, or the process may not use that core.</summary>
    internal static bool TryBind(int core)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        var mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        mask[core / 64] = 1UL << (core % 64);
        return Libc.SchedSetAffinity(0, MaskWords * sizeof(ulong), mask) == 0;
    }

    /// <summary>The cores that the current thread may run on; empty where the system does not tell.</summary>
    internal static int[] Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        if (Libc.SchedGetAffinity(0, MaskWords * sizeof(ulong), mask) < 0)
        {
            return [];
        }

        var cores = new List<int>();
        for (var core = 0; core <= WorkerPoolOptions.MaxCore; core++)
        {
            if ((mask[core / 64] >> (core % 64) & 1) != 0)
            {
                cores.Add(core);
            }
        }

        return [.. cores];
    }
}

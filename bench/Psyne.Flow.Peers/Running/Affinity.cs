using System.Runtime.InteropServices;

namespace Psyne.Flow.Peers.Running;

/// <summary>
/// Puts thread i on core i % cores, so that a round measures the same pair of cores every time. Linux only; elsewhere
/// threads run where the system puts them, and the header says so.
/// </summary>
internal static partial class Affinity
{
    private const int MaskWords = 16;

    private static readonly int[] Cores = ReadAllowedCores();

    /// <summary>The cores this process may use; empty where pinning isn't supported.</summary>
    public static IReadOnlyList<int> AllowedCores => Cores;

    public static bool IsSupported => Cores.Length > 0;

    /// <summary>The core that thread <paramref name="index"/> gets, or -1.</summary>
    public static int CoreOf(int index) => IsSupported ? Cores[index % Cores.Length] : -1;

    /// <summary>Pins the calling thread, which must be one that ends with its round.</summary>
    public static unsafe void PinCurrentThread(int index)
    {
        if (!IsSupported)
        {
            return;
        }

        var core = CoreOf(index);
        var mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        mask[core / 64] = 1UL << (core % 64);

        // A refusal (a container that forbids it) leaves the thread unpinned: slower figures, no wrong ones.
        _ = SetAffinity(0, MaskWords * sizeof(ulong), mask);
    }

    private static unsafe int[] ReadAllowedCores()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        if (GetAffinity(0, MaskWords * sizeof(ulong), mask) < 0)
        {
            return [];
        }

        var cores = new List<int>();
        for (var core = 0; core < MaskWords * 64; core++)
        {
            if ((mask[core / 64] >> (core % 64) & 1) != 0)
            {
                cores.Add(core);
            }
        }

        return [.. cores];
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int SetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int GetAffinity(int thread, nuint bytes, ulong* mask);
}

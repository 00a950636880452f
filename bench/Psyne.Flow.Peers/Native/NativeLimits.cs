using System.Runtime.InteropServices;

namespace Psyne.Flow.Peers.Native;

/// <summary>The functions of bench/native/psyne_limits.h. Look at <see cref="Absent"/> before the first call.</summary>
internal static unsafe partial class NativeLimits
{
    private const string Library = "psyne_limits";

    private static readonly Lazy<string?> AbsentOnce = new(Load);

    /// <summary>Why the native limits can't run here, with how to install what is missing; null when they can.</summary>
    public static string? Absent => AbsentOnce.Value;

    private static string? Load()
    {
        var (path, absent) = NativeLibraryBuilder.Build();
        if (path is null)
        {
            return absent;
        }

        if (!NativeLibrary.TryLoad(path, out var handle))
        {
            return $"{path} was compiled and can't be loaded";
        }

        NativeLibrary.SetDllImportResolver(typeof(NativeLimits).Assembly,
            (name, _, _) => name == Library ? handle : 0);
        return null;
    }

    [LibraryImport(Library, EntryPoint = "pl_ring_create")]
    internal static partial nint RingCreate(ulong capacity, ulong bytes, int touch);

    [LibraryImport(Library, EntryPoint = "pl_ring_reset")]
    internal static partial void RingReset(nint ring);

    [LibraryImport(Library, EntryPoint = "pl_ring_destroy")]
    internal static partial void RingDestroy(nint ring);

    [LibraryImport(Library, EntryPoint = "pl_ring_write")]
    internal static partial void RingWrite(nint ring, ulong stamp, ulong count, ulong batch);

    [LibraryImport(Library, EntryPoint = "pl_ring_read")]
    internal static partial void RingRead(nint ring, ulong count, ulong batch, NativeTally* tally);

    [LibraryImport(Library, EntryPoint = "pl_ring_call")]
    internal static partial ulong RingCall(nint there, nint back, ulong count, ulong* counts, ulong* longest);

    [LibraryImport(Library, EntryPoint = "pl_ring_answer")]
    internal static partial void RingAnswer(nint there, nint back, ulong count);

    [LibraryImport(Library, EntryPoint = "pl_pair_create")]
    internal static partial nint PairCreate();

    [LibraryImport(Library, EntryPoint = "pl_pair_reset")]
    internal static partial void PairReset(nint pair);

    [LibraryImport(Library, EntryPoint = "pl_pair_destroy")]
    internal static partial void PairDestroy(nint pair);

    [LibraryImport(Library, EntryPoint = "pl_spin_call")]
    internal static partial ulong SpinCall(nint pair, ulong count, ulong* counts, ulong* longest);

    [LibraryImport(Library, EntryPoint = "pl_spin_answer")]
    internal static partial void SpinAnswer(nint pair, ulong count);

    [LibraryImport(Library, EntryPoint = "pl_futex_supported")]
    internal static partial int FutexSupported();

    [LibraryImport(Library, EntryPoint = "pl_futex_call")]
    internal static partial ulong FutexCall(nint pair, ulong count, ulong pauseNanoseconds, ulong* counts, ulong* longest);

    [LibraryImport(Library, EntryPoint = "pl_futex_answer")]
    internal static partial void FutexAnswer(nint pair, ulong count);

    [LibraryImport(Library, EntryPoint = "pl_bandwidth")]
    internal static partial double Bandwidth(int kind, ulong bytes, ulong passes);
}

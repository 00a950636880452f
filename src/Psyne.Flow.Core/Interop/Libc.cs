using System.Runtime.InteropServices;

namespace Psyne.Flow.Interop;

/// <summary>The system calls that Core makes through the C library, with the constants they take.</summary>
/// <remarks>Every call leaves its errno in <see cref="Marshal.GetLastPInvokeError"/>. The Linux constants are those
/// of x64 and arm64 (and of all later ports); <see cref="HasMmap"/> says where these calls may be used at all.</remarks>
internal static unsafe partial class Libc
{
    internal const int ProtRead = 1;
    internal const int ProtWrite = 2;

    internal const int MapPrivate = 0x02;
    internal const int MapFixed = 0x10;

    /// <summary>Drops the pages of private memory at once: the next read gives zeros (on Linux only).</summary>
    internal const int AdviseDontNeed = 4;
    internal const int AdviseHugePage = 14;

    internal static readonly int MapAnonymous = OperatingSystem.IsMacOS() ? 0x1000 : 0x20;
    internal static readonly int MapNoReserve = OperatingSystem.IsMacOS() ? 0x40 : 0x4000;

    /// <summary>Gets whether mmap may be called with the constants above. macOS was never run: untested.</summary>
    internal static bool HasMmap =>
        (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>What <c>mmap</c> returns when it fails.</summary>
    internal static void* MapFailed => (void*)-1;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    internal static partial void* Mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    internal static partial int Munmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    internal static partial int Madvise(void* address, nuint length, int advice);

    /// <summary>One byte a page: bit 0 says that the page is resident.</summary>
    [LibraryImport("libc", EntryPoint = "mincore", SetLastError = true)]
    internal static partial int Mincore(void* address, nuint length, byte* pages);

    /// <summary>Binds a thread (0: this one) to the cores of a bit mask. Linux only.</summary>
    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    internal static partial int SchedSetAffinity(int thread, nuint maskBytes, ulong* mask);

    /// <summary>Reads the cores that a thread (0: this one) may run on. Linux only.</summary>
    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    internal static partial int SchedGetAffinity(int thread, nuint maskBytes, ulong* mask);
}

using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Psyne.Flow.Waiting;

/// <summary>The Linux system call <c>futex</c>, in its process-private form: man 2 futex.</summary>
internal static unsafe partial class Futex
{
    private const int WaitPrivate = 0 | 128;
    private const int WakePrivate = 1 | 128;

    private const int InterruptedBySignal = 4;  // EINTR
    private const int WordHasChanged = 11;      // EAGAIN
    private const int TimeIsUp = 110;           // ETIMEDOUT

    // The number of the call differs between architectures; 0 where the library doesn't know it.
    private static readonly nint CallNumber = !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        _ => 0,
    };

    internal static bool IsSupported => CallNumber != 0;

    /// <summary>Sleeps while the word holds <paramref name="expected"/>; false only when the time is up.</summary>
    internal static bool Wait(int* address, int expected, int timeoutMilliseconds)
    {
        // FUTEX_WAIT takes a relative time and measures it on CLOCK_MONOTONIC.
        TimeSpec limit = new(timeoutMilliseconds / 1000, timeoutMilliseconds % 1000 * 1_000_000L);
        if (SystemCall(CallNumber, address, WaitPrivate, expected, timeoutMilliseconds < 0 ? null : &limit, null, 0) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        if (error is InterruptedBySignal or WordHasChanged)
        {
            return true; // to the caller, awake for no reason
        }

        if (error != TimeIsUp)
        {
            ThrowUnexpected("FUTEX_WAIT", address, error);
        }

        return false;
    }

    /// <summary>Wakes up to <paramref name="count"/> sleepers; returns how many.</summary>
    internal static int Wake(int* address, int count)
    {
        nint woken = SystemCall(CallNumber, address, WakePrivate, count, null, null, 0);
        if (woken < 0)
        {
            ThrowUnexpected("FUTEX_WAKE", address, Marshal.GetLastPInvokeError());
        }

        return (int)woken;
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowUnexpected(string call, int* address, int error) =>
        throw new Win32Exception(error, $"{call} on the word at 0x{(nint)address:x} failed with error {error}: {Marshal.GetPInvokeErrorMessage(error)}");

    // Variadic in C; on the two architectures above its arguments travel like those of any other function.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SystemCall(nint number, int* address, int operation, int value, TimeSpec* timeout, int* address2, int value3);

    private readonly struct TimeSpec(long seconds, long nanoseconds)
    {
        public readonly long Seconds = seconds;
        public readonly long Nanoseconds = nanoseconds;
    }
}

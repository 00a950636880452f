using System.Runtime.CompilerServices;

namespace Psyne.Flow.ModelChecking;

/// <summary>A location's identity is its address: memory under test doesn't move.</summary>
internal static unsafe class Address
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Of<T>(ref readonly T location) where T : unmanaged =>
        (nint)Unsafe.AsPointer(ref Unsafe.AsRef(in location));
}

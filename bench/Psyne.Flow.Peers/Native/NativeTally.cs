using System.Runtime.InteropServices;

namespace Psyne.Flow.Peers.Native;

/// <summary>pl_tally of bench/native/psyne_limits.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeTally
{
    public ulong Count;
    public ulong Sum;
    public ulong Last;
    public ulong Errors;
}

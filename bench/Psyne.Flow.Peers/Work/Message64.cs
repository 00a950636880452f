using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Psyne.Flow.Peers.Work;

/// <summary>64 bytes: eight words, stamp + 0 to stamp + 7, so that a torn or mixed message shows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct Message64 : IMessage<Message64>
{
    private ulong first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ref Message64 message, ulong stamp) =>
        (Vector512.Create(stamp) + Vector512<ulong>.Indices).StoreUnsafe(ref message.first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ref readonly Message64 message)
    {
        var words = Vector512.LoadUnsafe(in message.first);
        var stamp = words.ToScalar();
        return words == Vector512.Create(stamp) + Vector512<ulong>.Indices ? stamp : 0;
    }
}

using System.Runtime.CompilerServices;

namespace Psyne.Flow.Peers.Work;

/// <summary>8 bytes: the stamp and nothing else.</summary>
internal struct Message8 : IMessage<Message8>
{
    private ulong stamp;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ref Message8 message, ulong stamp) => message.stamp = stamp;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ref readonly Message8 message) => message.stamp;
}

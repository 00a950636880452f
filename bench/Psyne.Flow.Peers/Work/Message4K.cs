using System.Runtime.CompilerServices;

namespace Psyne.Flow.Peers.Work;

/// <summary>4 KiB that stay in their slot; first and last word are written and read.</summary>
[InlineArray(4 << 10)]
internal struct Message4K : IMessage<Message4K>
{
    private byte first;

    public static void Write(ref Message4K message, ulong stamp) => Payload.Write(message, stamp, touch: false);

    public static ulong Read(ref readonly Message4K message) => Payload.Read(message, touch: false);
}

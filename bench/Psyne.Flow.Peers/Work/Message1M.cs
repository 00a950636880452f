using System.Runtime.CompilerServices;

namespace Psyne.Flow.Peers.Work;

/// <summary>1 MiB that stay in their slot; first and last word are written and read.</summary>
[InlineArray(1 << 20)]
internal struct Message1M : IMessage<Message1M>
{
    private byte first;

    public static void Write(ref Message1M message, ulong stamp) => Payload.Write(message, stamp, touch: false);

    public static ulong Read(ref readonly Message1M message) => Payload.Read(message, touch: false);
}

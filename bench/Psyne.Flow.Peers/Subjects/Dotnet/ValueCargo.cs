using System.Runtime.CompilerServices;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>A small message by value: what every .NET queue is best at.</summary>
internal readonly struct ValueCargo<TMessage> : ICargo<TMessage>
    where TMessage : unmanaged, IMessage<TMessage>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TMessage Load(ulong stamp)
    {
        Unsafe.SkipInit(out TMessage message);
        TMessage.Write(ref message, stamp);
        return message;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Unload(in TMessage item) => TMessage.Read(in item);
}

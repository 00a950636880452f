using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>A new array for each message, without the zeroing that nobody needs: the fastest way to allocate one.</summary>
internal readonly struct FreshCargo(Shape shape) : ICargo<byte[]>
{
    private readonly int bytes = shape.Bytes;
    private readonly bool touch = shape.Touch;

    public byte[] Load(ulong stamp)
    {
        var array = GC.AllocateUninitializedArray<byte>(bytes);
        Payload.Write(array, stamp, touch);
        return array;
    }

    public ulong Unload(in byte[] item) => Payload.Read(item, touch);
}

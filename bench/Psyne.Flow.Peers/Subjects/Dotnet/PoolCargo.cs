using System.Buffers;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>Arrays from ArrayPool.Shared, rented by the producer and returned by the consumer, as most users would.</summary>
internal readonly struct PoolCargo(Shape shape) : ICargo<byte[]>
{
    private readonly int bytes = shape.Bytes;
    private readonly bool touch = shape.Touch;

    public byte[] Load(ulong stamp)
    {
        var array = ArrayPool<byte>.Shared.Rent(bytes);
        Payload.Write(array.AsSpan(0, bytes), stamp, touch);
        return array;
    }

    public ulong Unload(in byte[] item)
    {
        var stamp = Payload.Read(item.AsSpan(0, bytes), touch);
        ArrayPool<byte>.Shared.Return(item);
        return stamp;
    }
}

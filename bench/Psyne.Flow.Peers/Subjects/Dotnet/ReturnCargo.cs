using System.Threading.Channels;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>
/// A fixed set of arrays that go round: the consumer sends each back through a channel of its own. It bounds what is in
/// flight by itself, so the queue that carries the messages may be an unbounded one, the faster kind.
/// </summary>
internal readonly struct ReturnCargo : ICargo<byte[]>
{
    private readonly ChannelReader<byte[]> free;
    private readonly ChannelWriter<byte[]> back;
    private readonly bool touch;

    public ReturnCargo(Shape shape)
    {
        var channel = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions
        {
            SingleReader = shape.Threads.Producers == 1,
            SingleWriter = shape.Threads.Consumers == 1,
        });
        (free, back, touch) = (channel.Reader, channel.Writer, shape.Touch);
        for (var i = 0; i < shape.Capacity; i++)
        {
            back.TryWrite(GC.AllocateUninitializedArray<byte>(shape.Bytes));
        }
    }

    public byte[] Load(ulong stamp)
    {
        byte[]? array;
        while (!free.TryRead(out array))
        {
            Waiting.Block(free.WaitToReadAsync());
        }

        Payload.Write(array, stamp, touch);
        return array;
    }

    public ulong Unload(in byte[] item)
    {
        var stamp = Payload.Read(item, touch);
        back.TryWrite(item);
        return stamp;
    }
}

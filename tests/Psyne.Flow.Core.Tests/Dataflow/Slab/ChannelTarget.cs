using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>A channel's write end as a target; what was taken from the channel has gone through.</summary>
public sealed class ChannelTarget<T> : ITargetUnderTest<Lease<T>> where T : unmanaged, INumbered<T>
{
    private readonly Messages<Lease<T>> _messages;
    private readonly SlabChannel<T> _channel;
    private readonly ChannelTargetBlock<T> _block;
    private readonly List<int> _seen = [];

    private ChannelTarget(Messages<Lease<T>> messages, ChannelMode mode, DataflowBlockOptions options)
    {
        _messages = messages;
        _channel = SlabChannel.Create<T>(mode, new SlabChannelOptions { Capacity = 512 });
        _block = _channel.Writer.AsTargetBlock(options);
    }

    public static ChannelTarget<T> Spsc(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) => new(messages, ChannelMode.Spsc, options);

    public static ChannelTarget<T> Mpmc(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) => new(messages, ChannelMode.Mpmc, options);

    public IDataflowBlock Block => _block;

    public ITargetBlock<Lease<T>> Target => _block;

    public int Held => (int)_channel.Count;

    public bool FreesWhatItDrops => true;

    public IReadOnlyList<int> Seen
    {
        get
        {
            lock (_seen)
                return [.. _seen];
        }
    }

    public bool Feed(int value)
    {
        Lease<T> message = _messages.Make(value);
        bool fed = _block.Post(message);
        if (!fed)
            _messages.Free(message);
        return fed;
    }

    public bool TakeOut()
    {
        bool any = false;
        while (_channel.Reader.TryTake(out Lease<T> lease))
        {
            any = true;
            using (lease)
                lock (_seen)
                    _seen.Add(lease.Value.Number);
        }
        return any;
    }
}

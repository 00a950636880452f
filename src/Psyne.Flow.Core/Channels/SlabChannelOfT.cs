using Psyne.Flow.Channels;

namespace Psyne.Flow;

/// <summary>Told of a message that was dropped.</summary>
/// <param name="item">The message, still in its slot.</param>
/// <param name="reason">Why it was dropped.</param>
public delegate void ItemDroppedHandler<T>(ref readonly T item, DropReason reason);

/// <summary>A channel of fixed-size messages without a header: <typeparamref name="T"/> as it lies in memory.</summary>
/// <remarks>Up to 256 bytes (120 where several producers share a ring) a message lies in the ring itself; larger ones lie in pooled slots.</remarks>
/// <example><code>
/// using var channel = SlabChannel.CreateSpsc&lt;Reading&gt;();
/// channel.Writer.Publish(new Reading(21.5f));
/// using var lease = channel.Reader.Take();
/// </code></example>
public sealed unsafe class SlabChannel<T> : SlabChannel where T : unmanaged
{
    private SlabWriter<T>? _writer;
    private SlabReader<T>? _reader;
    private ItemDroppedHandler<T>? _itemDropped;

    internal SlabChannel(ChannelCore core) : base(core) => core.Dropped += OnDropped;

    /// <summary>This handle's write end; opened when it is first asked for.</summary>
    /// <exception cref="ChannelRoleException">The channel has its one producer already, or one in each lane.</exception>
    public SlabWriter<T> Writer => _writer ?? Opened(ref _writer, static core => new SlabWriter<T>(core));

    /// <summary>This handle's read end; opened when it is first asked for. On a broadcast channel it sees what is published from then on.</summary>
    /// <exception cref="ChannelRoleException">The channel has its one consumer already.</exception>
    public SlabReader<T> Reader => _reader ?? Opened(ref _reader, static core => new SlabReader<T>(core));

    /// <summary>Told of each dropped message, on the thread that dropped it, outside locks. Keep it short.</summary>
    public event ItemDroppedHandler<T>? ItemDropped
    {
        add => _itemDropped += value;
        remove => _itemDropped -= value;
    }

    /// <summary>Opens another write end; with lanes (<see cref="SlabChannelOptions.Lanes"/>) one with a ring of its own.</summary>
    /// <exception cref="ChannelRoleException">The mode has one producer, and it is open; or each lane has its producer.</exception>
    public SlabWriter<T> OpenWriter() => new(Core);

    /// <summary>Opens another read end: on a broadcast channel a consumer of its own.</summary>
    /// <exception cref="ChannelRoleException">The mode has one consumer, and it is open.</exception>
    public SlabReader<T> OpenReader() => new(Core);

    private void OnDropped(byte* slot, DropReason reason) => _itemDropped?.Invoke(ref *(T*)slot, reason);

    private protected override void CloseEnds()
    {
        _writer?.Dispose();
        _reader?.Dispose();
        Core.Dropped -= OnDropped;
    }
}

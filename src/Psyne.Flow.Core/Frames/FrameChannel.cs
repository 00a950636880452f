using Psyne.Flow.Channels;
using Psyne.Flow.Frames;

namespace Psyne.Flow;

/// <summary>Told of a frame that was dropped.</summary>
/// <param name="frame">Its bytes, still in the slot.</param>
/// <param name="reason">Why it was dropped.</param>
public delegate void FrameDroppedHandler(ReadOnlySpan<byte> frame, DropReason reason);

/// <summary>A channel of frames: bytes or UTF-8 text of any length up to a maximum, each with a length header of 8 bytes.</summary>
/// <example><code>
/// using var log = SlabChannel.CreateFrames(ChannelMode.Mpsc, maximumFrameBytes: 4096);
/// log.Writer.Publish("hello");
/// using var lease = log.Reader.Take();
/// Console.WriteLine(lease.GetText());
/// </code></example>
public sealed unsafe class FrameChannel : SlabChannel
{
    private FrameWriter? _writer;
    private FrameReader? _reader;
    private FrameDroppedHandler? _frameDropped;

    internal FrameChannel(ChannelCore core) : base(core) => core.Dropped += OnDropped;

    /// <summary>The largest frame in bytes.</summary>
    public int MaximumFrameBytes => (int)(Core.Layout.PayloadBytes - FrameHeader.Size);

    /// <inheritdoc cref="SlabChannel{T}.Writer"/>
    public FrameWriter Writer => _writer ?? Opened(ref _writer, static core => new FrameWriter(core));

    /// <inheritdoc cref="SlabChannel{T}.Reader"/>
    public FrameReader Reader => _reader ?? Opened(ref _reader, static core => new FrameReader(core));

    /// <summary>Told of each dropped frame, on the thread that dropped it, outside locks. Keep it short.</summary>
    public event FrameDroppedHandler? FrameDropped
    {
        add => _frameDropped += value;
        remove => _frameDropped -= value;
    }

    /// <inheritdoc cref="SlabChannel{T}.OpenWriter"/>
    public FrameWriter OpenWriter() => new(Core);

    /// <inheritdoc cref="SlabChannel{T}.OpenReader"/>
    public FrameReader OpenReader() => new(Core);

    private void OnDropped(byte* slot, DropReason reason) =>
        _frameDropped?.Invoke(new ReadOnlySpan<byte>(slot + FrameHeader.Size, FrameReader.CheckedLength(Core, *(int*)slot)), reason);

    private protected override void CloseEnds()
    {
        _writer?.Dispose();
        _reader?.Dispose();
        Core.Dropped -= OnDropped;
    }

    internal static string MessageOf(int maximumFrameBytes) => $"frames (up to {maximumFrameBytes} B)";

    internal static ChannelCore CreateCore(ChannelMode mode, int maximumFrameBytes, SlabChannelOptions options)
    {
        var bytes = (long)maximumFrameBytes + FrameHeader.Size;
        var message = MessageOf(maximumFrameBytes);
        if (!ChannelFactory.LiesInRing(mode, options.FullMode, bytes))
            return ChannelFactory.CreatePooled(mode, options, bytes, message);
        return bytes switch
        {
            <= 24 => ChannelFactory.CreateRing<FrameCell24>(mode, options, message, bytes),
            <= 56 => ChannelFactory.CreateRing<FrameCell56>(mode, options, message, bytes),
            <= 120 => ChannelFactory.CreateRing<FrameCell120>(mode, options, message, bytes),
            <= 248 => ChannelFactory.CreateRing<FrameCell248>(mode, options, message, bytes),
            _ => ChannelFactory.CreatePooled(mode, options, bytes, message),
        };
    }
}

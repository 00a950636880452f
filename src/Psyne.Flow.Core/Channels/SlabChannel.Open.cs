using Psyne.Flow.Channels;
using Psyne.Flow.Tensors;
using Psyne.Flow.Uris;

namespace Psyne.Flow;

public abstract partial class SlabChannel
{
    private const int DefaultFrameBytes = 4096;

    /// <summary>
    /// Opens a channel of fixed-size messages by name: joins the one that is there, or makes it. <c>memory://</c> names
    /// channels of this process; other schemes come with the package Psyne.Flow.Transports.
    /// </summary>
    /// <param name="uri">
    /// As <c>memory://features?mode=mpsc&amp;capacity=4096&amp;full=dropoldest&amp;idle=spin</c>. Options: mode (spsc when
    /// none is named), capacity, bytes, full, patience, recovery, idle, backing, sizefactor, hugepages, readers, lanes, sampling,
    /// trackleases.
    /// </param>
    /// <exception cref="ChannelUriException">The URI is malformed; its scheme, an option or a value is unknown (the text names those that exist); or the channel is there and differs.</exception>
    public static SlabChannel<T> Open<T>(string uri) where T : unmanaged
    {
        var parsed = ChannelUri.Parse(uri);
        return new SlabChannel<T>(ChannelTransports.Open(new ChannelRequest(parsed, Message<T>(), typeof(T),
            static (mode, options) => ChannelFactory.Create<T>(mode, options, Message<T>()))));
    }

    /// <summary>Opens a channel of frames by name; the option <c>frame</c> is the largest frame (<c>frame=64KiB</c>), 4 KiB when it isn't named.</summary>
    /// <inheritdoc cref="Open{T}(string)"/>
    public static FrameChannel OpenFrames(string uri)
    {
        var parsed = ChannelUri.Parse(uri);
        var maximum = CheckFrameBytes(ChannelUriOptions.FrameBytes(parsed) ?? DefaultFrameBytes);
        return new FrameChannel(ChannelTransports.Open(new ChannelRequest(parsed, FrameChannel.MessageOf(maximum), typeof(FrameChannel),
            (mode, options) => FrameChannel.CreateCore(mode, maximum, options))));
    }

    /// <summary>Opens a channel of tensors of one shape by name.</summary>
    /// <param name="uri">As for <see cref="Open{T}(string)"/>.</param>
    /// <param name="shape">The dimensions; all who open the name give the same.</param>
    /// <exception cref="ChannelUriException">As for <see cref="Open{T}(string)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative, or their product overflows.</exception>
    /// <exception cref="NotSupportedException">The element type is none that tensors may have.</exception>
    public static TensorChannel<T> Open<T>(string uri, ReadOnlySpan<nint> shape) where T : unmanaged
    {
        TensorElement.Check<T>();
        var parsed = ChannelUri.Parse(uri);
        var layout = TensorLayout.Fixed<T>(shape);
        return new TensorChannel<T>(ChannelTransports.Open(new ChannelRequest(parsed, TensorChannel<T>.MessageOf(layout), typeof(T),
            (mode, options) => TensorChannel<T>.CreateCore(mode, layout, options))));
    }
}

using System.Runtime.CompilerServices;
using Psyne.Flow.Channels;

namespace Psyne.Flow;

public abstract partial class SlabChannel
{
    /// <summary>A channel of fixed-size messages.</summary>
    /// <typeparam name="T">A struct without references; it is stored as it lies in memory.</typeparam>
    /// <param name="mode">How many producers and consumers it has.</param>
    /// <param name="options">Capacity, policy, waiting, memory; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The mode is none, or the slab would be larger than can be.</exception>
    /// <exception cref="ArgumentException">The options ask for lanes with what can't have them (<see cref="SlabChannelOptions.Lanes"/>).</exception>
    public static SlabChannel<T> Create<T>(ChannelMode mode, SlabChannelOptions? options = null) where T : unmanaged
    {
        CheckMode(mode);
        return new SlabChannel<T>(ChannelFactory.Create<T>(mode, options ?? SlabChannelOptions.Default, Message<T>()));
    }

    /// <summary>One producer, one consumer.</summary>
    /// <inheritdoc cref="Create{T}(ChannelMode, SlabChannelOptions)"/>
    public static SlabChannel<T> CreateSpsc<T>(SlabChannelOptions? options = null) where T : unmanaged => Create<T>(ChannelMode.Spsc, options);

    /// <summary>Many producers, one consumer.</summary>
    /// <inheritdoc cref="Create{T}(ChannelMode, SlabChannelOptions)"/>
    public static SlabChannel<T> CreateMpsc<T>(SlabChannelOptions? options = null) where T : unmanaged => Create<T>(ChannelMode.Mpsc, options);

    /// <summary>One producer, competing consumers.</summary>
    /// <inheritdoc cref="Create{T}(ChannelMode, SlabChannelOptions)"/>
    public static SlabChannel<T> CreateSpmc<T>(SlabChannelOptions? options = null) where T : unmanaged => Create<T>(ChannelMode.Spmc, options);

    /// <summary>Many producers, competing consumers.</summary>
    /// <inheritdoc cref="Create{T}(ChannelMode, SlabChannelOptions)"/>
    public static SlabChannel<T> CreateMpmc<T>(SlabChannelOptions? options = null) where T : unmanaged => Create<T>(ChannelMode.Mpmc, options);

    /// <summary>Many producers; every consumer sees every message.</summary>
    /// <inheritdoc cref="Create{T}(ChannelMode, SlabChannelOptions)"/>
    public static SlabChannel<T> CreateBroadcast<T>(SlabChannelOptions? options = null) where T : unmanaged => Create<T>(ChannelMode.Broadcast, options);

    /// <summary>A channel of frames: bytes or UTF-8 text with a length header.</summary>
    /// <param name="mode">How many producers and consumers it has.</param>
    /// <param name="maximumFrameBytes">The largest frame in bytes, 1 to 1 GiB. Every slot has room for it; pages that no frame reaches are never committed.</param>
    /// <param name="options">Capacity, policy, waiting, memory; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The mode is none, the maximum is outside its bounds, or the slab would be larger than can be.</exception>
    public static FrameChannel CreateFrames(ChannelMode mode, int maximumFrameBytes = DefaultFrameBytes, SlabChannelOptions? options = null)
    {
        CheckMode(mode);
        return new FrameChannel(FrameChannel.CreateCore(mode, CheckFrameBytes(maximumFrameBytes), options ?? SlabChannelOptions.Default));
    }

    private static int CheckFrameBytes(int maximumFrameBytes) => maximumFrameBytes is >= 1 and <= 1 << 30
        ? maximumFrameBytes
        : throw new ArgumentOutOfRangeException(nameof(maximumFrameBytes), maximumFrameBytes,
            $"A maximum of {maximumFrameBytes} bytes a frame is outside 1 to {1 << 30}.");

    private static void CheckMode(ChannelMode mode)
    {
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"Mode {mode} is none of {string.Join(", ", Enum.GetNames<ChannelMode>())}.");
    }

    internal static string Message<T>() => $"{typeof(T).Name} ({Unsafe.SizeOf<T>()} B)";
}

using Psyne.Flow.Tensors;

namespace Psyne.Flow;

public abstract partial class SlabChannel
{
    /// <summary>A channel of tensors of one shape, which is not stored with them.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/>, <see cref="BFloat16"/>, sbyte, byte, short, int or long.</typeparam>
    /// <param name="mode">How many producers and consumers it has.</param>
    /// <param name="shape">The dimensions, outermost first; none for a scalar.</param>
    /// <param name="options">Capacity, policy, waiting, memory; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The mode is none, a dimension is negative, their product overflows, or the slab would be larger than can be.</exception>
    /// <exception cref="NotSupportedException">The element type is another.</exception>
    public static TensorChannel<T> Create<T>(ChannelMode mode, ReadOnlySpan<nint> shape, SlabChannelOptions? options = null) where T : unmanaged
    {
        CheckMode(mode);
        TensorElement.Check<T>();
        return new TensorChannel<T>(TensorChannel<T>.CreateCore(mode, TensorLayout.Fixed<T>(shape), options ?? SlabChannelOptions.Default));
    }

    /// <summary>A channel of tensors that carry their own shapes, in a header of 128 bytes.</summary>
    /// <param name="mode">How many producers and consumers it has.</param>
    /// <param name="maximumElements">The most elements of a tensor; every slot has room for so many.</param>
    /// <param name="options">Capacity, policy, waiting, memory; null for the defaults.</param>
    /// <inheritdoc cref="Create{T}(ChannelMode, ReadOnlySpan{nint}, SlabChannelOptions)" path="/typeparam"/>
    /// <exception cref="ArgumentOutOfRangeException">The mode is none, the maximum is below 1, or the slab would be larger than can be.</exception>
    /// <exception cref="NotSupportedException">The element type is another.</exception>
    public static TensorChannel<T> CreateTensors<T>(ChannelMode mode, nint maximumElements, SlabChannelOptions? options = null) where T : unmanaged
    {
        CheckMode(mode);
        TensorElement.Check<T>();
        return new TensorChannel<T>(TensorChannel<T>.CreateCore(mode, TensorLayout.Variable<T>(maximumElements), options ?? SlabChannelOptions.Default));
    }

    /// <summary>One producer, one consumer, tensors of one shape.</summary>
    /// <inheritdoc cref="Create{T}(ChannelMode, ReadOnlySpan{nint}, SlabChannelOptions)"/>
    public static TensorChannel<T> CreateSpsc<T>(ReadOnlySpan<nint> shape, SlabChannelOptions? options = null) where T : unmanaged =>
        Create<T>(ChannelMode.Spsc, shape, options);

    /// <summary>Many producers, one consumer, tensors of one shape.</summary>
    /// <inheritdoc cref="Create{T}(ChannelMode, ReadOnlySpan{nint}, SlabChannelOptions)"/>
    public static TensorChannel<T> CreateMpsc<T>(ReadOnlySpan<nint> shape, SlabChannelOptions? options = null) where T : unmanaged =>
        Create<T>(ChannelMode.Mpsc, shape, options);

    /// <summary>One producer, competing consumers, tensors of one shape.</summary>
    /// <inheritdoc cref="Create{T}(ChannelMode, ReadOnlySpan{nint}, SlabChannelOptions)"/>
    public static TensorChannel<T> CreateSpmc<T>(ReadOnlySpan<nint> shape, SlabChannelOptions? options = null) where T : unmanaged =>
        Create<T>(ChannelMode.Spmc, shape, options);

    /// <summary>Many producers, competing consumers, tensors of one shape.</summary>
    /// <inheritdoc cref="Create{T}(ChannelMode, ReadOnlySpan{nint}, SlabChannelOptions)"/>
    public static TensorChannel<T> CreateMpmc<T>(ReadOnlySpan<nint> shape, SlabChannelOptions? options = null) where T : unmanaged =>
        Create<T>(ChannelMode.Mpmc, shape, options);

    /// <summary>Many producers, every consumer sees every tensor, tensors of one shape.</summary>
    /// <inheritdoc cref="Create{T}(ChannelMode, ReadOnlySpan{nint}, SlabChannelOptions)"/>
    public static TensorChannel<T> CreateBroadcast<T>(ReadOnlySpan<nint> shape, SlabChannelOptions? options = null) where T : unmanaged =>
        Create<T>(ChannelMode.Broadcast, shape, options);
}

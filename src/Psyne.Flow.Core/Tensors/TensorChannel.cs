using System.Numerics.Tensors;
using Psyne.Flow.Channels;
using Psyne.Flow.Tensors;

namespace Psyne.Flow;

/// <summary>Told of a tensor that was dropped.</summary>
/// <param name="tensor">The tensor, still in its slot.</param>
/// <param name="reason">Why it was dropped.</param>
public delegate void TensorDroppedHandler<T>(ReadOnlyTensorSpan<T> tensor, DropReason reason);

/// <summary>A channel of tensors, in pooled slots: all of one shape, without a header, or each of its own shape.</summary>
/// <typeparam name="T">float, double, <see cref="Half"/>, <see cref="BFloat16"/>, sbyte, byte, short, int or long.</typeparam>
/// <example><code>
/// using var gradients = SlabChannel.CreateMpsc&lt;float&gt;(shape: [1024, 1024]);
/// using (var claim = gradients.Writer.Claim()) { claim.Tensor.Fill(1f); claim.Publish(); }
/// using (var lease = gradients.Reader.Take()) Console.WriteLine(Tensor.Sum(lease.Tensor));
/// </code></example>
public sealed unsafe class TensorChannel<T> : SlabChannel where T : unmanaged
{
    private TensorWriter<T>? _writer;
    private TensorReader<T>? _reader;
    private TensorDroppedHandler<T>? _tensorDropped;

    internal TensorChannel(ChannelCore core) : base(core) => core.Dropped += OnDropped;

    /// <summary>The dimensions of every tensor; empty where tensors carry their own (and where they are scalars).</summary>
    public ReadOnlySpan<nint> Shape => Core.Tensors!.FixedLengths;

    /// <summary>Whether each tensor carries a shape of its own.</summary>
    public bool HasShapeHeader => Core.Tensors!.HasHeader;

    /// <summary>The most elements of a tensor.</summary>
    public nint MaximumElements => Core.Tensors!.Elements;

    /// <inheritdoc cref="SlabChannel{T}.Writer"/>
    public TensorWriter<T> Writer => _writer ?? Opened(ref _writer, static core => new TensorWriter<T>(core));

    /// <inheritdoc cref="SlabChannel{T}.Reader"/>
    public TensorReader<T> Reader => _reader ?? Opened(ref _reader, static core => new TensorReader<T>(core));

    /// <summary>Told of each dropped tensor, on the thread that dropped it, outside locks. Keep it short.</summary>
    public event TensorDroppedHandler<T>? TensorDropped
    {
        add => _tensorDropped += value;
        remove => _tensorDropped -= value;
    }

    /// <inheritdoc cref="SlabChannel{T}.OpenWriter"/>
    public TensorWriter<T> OpenWriter() => new(Core);

    /// <inheritdoc cref="SlabChannel{T}.OpenReader"/>
    public TensorReader<T> OpenReader() => new(Core);

    private void OnDropped(byte* slot, DropReason reason) => _tensorDropped?.Invoke(Core.Tensors!.ReadOnlySpan<T>(slot), reason);

    private protected override void CloseEnds()
    {
        _writer?.Dispose();
        _reader?.Dispose();
        Core.Dropped -= OnDropped;
    }

    internal static string MessageOf(TensorLayout layout) =>
        $"tensors of {typeof(T).Name} [{(layout.HasHeader ? $"up to {layout.Elements} elements" : TensorLayout.Text(layout.FixedLengths))}]";

    internal static ChannelCore CreateCore(ChannelMode mode, TensorLayout layout, SlabChannelOptions options)
    {
        var core = ChannelFactory.CreatePooled(mode, options.ForTensors(), Math.Max(1, layout.PayloadBytes), MessageOf(layout));
        core.Tensors = layout;
        return core;
    }
}

using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>Makes a message of each message; the delegate writes it into the slot in which it goes on.</summary>
/// <remarks>Thread-safe. Messages keep their order, also where several are handled at a time, unless the options say otherwise.</remarks>
/// <example><code>
/// var decode = new SlabTransformBlock&lt;Image, Features&gt;((in Image image, ref Features features) => Decode(in image, ref features));
/// </code></example>
public sealed class SlabTransformBlock<TIn, TOut> : SlabPropagatorBlock<Lease<TIn>, Lease<TOut>>
    where TIn : unmanaged
    where TOut : unmanaged
{
    private readonly ErrorHandler<TIn> _errors;

    /// <summary>Makes the block.</summary>
    /// <param name="transform">Called for each message, on the options' scheduler. Which slot it writes to is the block's affair; what it leaves unwritten is whatever lay there.</param>
    /// <param name="options">Bounds, parallelism, order, scheduler, token, errors; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="transform"/> is null.</exception>
    public SlabTransformBlock(SlabTransform<TIn, TOut> transform, ExecutionDataflowBlockOptions? options = null) : base(options)
    {
        ArgumentNullException.ThrowIfNull(transform);
        _errors = new ErrorHandler<TIn>(Settings.OnError);
        var (inputs, outputs) = (new BlockSlab<TIn>(Settings, End), new BlockSlab<TOut>(Settings, End));
        if (Settings.Parallelism == 1)
        {
            var serial = new SerialTransform<TIn, TOut>(this, transform, Settings, End, inputs, outputs, _errors);
            (Target, Source) = (serial, serial.Source);
        }
        else
        {
            var parallel = new ParallelTransform<TIn, TOut>(this, (input, slot) =>
            {
                transform(in input.Value, ref slot.Value);
                return default;
            }, Settings, End, inputs, outputs, _errors);
            (Target, Source) = (parallel, parallel.Source);
        }
        FollowToken(Target.Cancel);
    }

    private SlabTransformBlock(Func<Lease<TIn>, OutputSlot<TOut>, ValueTask> transform, ExecutionDataflowBlockOptions? options) : base(options)
    {
        _errors = new ErrorHandler<TIn>(Settings.OnError);
        var parallel = new ParallelTransform<TIn, TOut>(this, transform, Settings, End,
            new BlockSlab<TIn>(Settings, End), new BlockSlab<TOut>(Settings, End), _errors);
        (Target, Source) = (parallel, parallel.Source);
        FollowToken(Target.Cancel);
    }

    /// <summary>Makes a block with an asynchronous delegate; as many are under way at a time as the parallelism says.</summary>
    /// <param name="transform">Called for each message with the slot of the new one, which goes on when its task completes. The input is disposed then, unless the delegate did so.</param>
    /// <param name="options">Bounds, parallelism, order, scheduler, token, errors; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="transform"/> is null.</exception>
    public static SlabTransformBlock<TIn, TOut> CreateAsync(
        Func<Lease<TIn>, OutputSlot<TOut>, ValueTask> transform, ExecutionDataflowBlockOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transform);
        return new SlabTransformBlock<TIn, TOut>(transform, options);
    }

    /// <summary>Messages that wait for the delegate.</summary>
    public int InputCount => Target.InputCount;

    /// <summary>Messages that were given up after the delegate threw, and didn't fault the block.</summary>
    public long Errors => _errors.Errors;

    /// <summary>Takes messages that were given up, where the options' policy is <see cref="BlockErrorPolicy.DeadLetter"/>. Without one, or where it declines, they are dropped and counted.</summary>
    public ITargetBlock<DeadLetter<TIn>>? DeadLetters { get => _errors.DeadLetters; set => _errors.DeadLetters = value; }

    private protected override SlabTargetCore<Lease<TIn>> Target { get; }

    private protected override SlabSourceCore<Lease<TOut>> Source { get; }
}

using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>Makes any number of messages of each message, as there is room for them: none, to filter; several, to take apart.</summary>
/// <remarks>Thread-safe. Order is kept unless the options say otherwise; the messages of one stay together then.</remarks>
/// <example><code>
/// var halves = new SlabTransformManyBlock&lt;Pair, float&gt;((in Pair pair, int index, ref float half) =>
/// {
///     half = index == 0 ? pair.Left : pair.Right;
///     return index &lt; 2;
/// });
/// </code></example>
public sealed class SlabTransformManyBlock<TIn, TOut> : SlabPropagatorBlock<Lease<TIn>, Lease<TOut>>
    where TIn : unmanaged
    where TOut : unmanaged
{
    private readonly ErrorHandler<TIn> _errors;

    /// <summary>Makes the block.</summary>
    /// <param name="expand">Called for each message with 0, 1, 2 and so on until it returns false, on the options' scheduler.</param>
    /// <param name="options">Bounds, parallelism, order, scheduler, token, errors; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="expand"/> is null.</exception>
    public SlabTransformManyBlock(SlabExpansion<TIn, TOut> expand, ExecutionDataflowBlockOptions? options = null) : base(options)
    {
        ArgumentNullException.ThrowIfNull(expand);
        _errors = new ErrorHandler<TIn>(Settings.OnError);
        var (inputs, outputs) = (new BlockSlab<TIn>(Settings, End), new BlockSlab<TOut>(Settings, End));
        if (Settings.Parallelism == 1)
        {
            var serial = new SerialExpand<TIn, TOut>(this, expand, Settings, End, inputs, outputs, _errors);
            (Target, Source) = (serial, serial.Source);
        }
        else
        {
            var parallel = new ParallelExpand<TIn, TOut>(this, expand, Settings, End, inputs, outputs, _errors);
            (Target, Source) = (parallel, parallel.Source);
        }
        FollowToken(Target.Cancel);
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

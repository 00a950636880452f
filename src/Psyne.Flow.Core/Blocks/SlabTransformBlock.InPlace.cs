using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>Changes each message and passes it on. Nothing moves, unless others hold a share of the message: then it is a copy that changes.</summary>
/// <remarks>Thread-safe. With a parallelism above 1 it is copies that change.</remarks>
/// <example><code>
/// var normalise = new SlabTransformBlock&lt;Features&gt;((ref Features features) => Normalise(ref features));
/// </code></example>
public sealed class SlabTransformBlock<T> : SlabPropagatorBlock<Lease<T>, Lease<T>> where T : unmanaged
{
    private readonly ErrorHandler<T> _errors;

    /// <summary>Makes the block.</summary>
    /// <param name="mutate">Called for each message, on the options' scheduler.</param>
    /// <param name="options">Bounds, scheduler, token, errors; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="mutate"/> is null.</exception>
    public SlabTransformBlock(SlabMutation<T> mutate, ExecutionDataflowBlockOptions? options = null) : base(options)
    {
        ArgumentNullException.ThrowIfNull(mutate);
        _errors = new ErrorHandler<T>(Settings.OnError);
        var (inputs, outputs) = (new BlockSlab<T>(Settings, End), new BlockSlab<T>(Settings, End));
        if (Settings.Parallelism == 1)
        {
            var serial = new SerialMutation<T>(this, mutate, Settings, End, inputs, outputs, _errors);
            (Target, Source) = (serial, serial.Source);
        }
        else
        {
            var parallel = new ParallelTransform<T, T>(this, (input, slot) =>
            {
                slot.Value = input.Value;
                mutate(ref slot.Value);
                return default;
            }, Settings, End, inputs, outputs, _errors);
            (Target, Source) = (parallel, parallel.Source);
        }
        FollowToken(Target.Cancel);
    }

    /// <summary>Messages that wait for the delegate.</summary>
    public int InputCount => Target.InputCount;

    /// <summary>Messages that were given up after the delegate threw, and didn't fault the block.</summary>
    public long Errors => _errors.Errors;

    /// <summary>Takes messages that were given up, where the options' policy is <see cref="BlockErrorPolicy.DeadLetter"/>. Without one, or where it declines, they are dropped and counted.</summary>
    public ITargetBlock<DeadLetter<T>>? DeadLetters { get => _errors.DeadLetters; set => _errors.DeadLetters = value; }

    private protected override SlabTargetCore<Lease<T>> Target { get; }

    private protected override SlabSourceCore<Lease<T>> Source { get; }
}

using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow;

/// <summary>Calls a delegate for every message, where the message lies. Its slot is free again when the delegate is done.</summary>
/// <remarks>Thread-safe. With a parallelism above 1, or an asynchronous delegate, messages are handled as leases of their own.</remarks>
/// <example><code>
/// var store = new SlabActionBlock&lt;Reading&gt;((ref readonly Reading reading) => sum += reading.Celsius);
/// </code></example>
public sealed class SlabActionBlock<T> : SlabBlock, IBatchTargetBlock<Lease<T>> where T : unmanaged
{
    private readonly SlabTargetCore<Lease<T>> _target;
    private readonly ErrorHandler<T> _errors;

    /// <summary>Makes the block.</summary>
    /// <param name="action">Called for each message, on the options' scheduler.</param>
    /// <param name="options">Bounds, parallelism, scheduler, token, errors; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="action"/> is null.</exception>
    public SlabActionBlock(MessageHandler<T> action, ExecutionDataflowBlockOptions? options = null) : base(options)
    {
        ArgumentNullException.ThrowIfNull(action);
        _errors = new ErrorHandler<T>(Settings.OnError);
        var slab = new BlockSlab<T>(Settings, End);
        if (Settings.Parallelism == 1)
        {
            _target = new SerialAction<T>(this, action, Settings, End, slab, _errors);
        }
        else
        {
            _target = new ParallelAction<T>(this, lease =>
            {
                action(in lease.Value);
                return default;
            }, Settings, End, slab, _errors);
        }
        FollowToken(_target.Cancel);
    }

    private SlabActionBlock(Func<Lease<T>, ValueTask> action, ExecutionDataflowBlockOptions? options) : base(options)
    {
        _errors = new ErrorHandler<T>(Settings.OnError);
        _target = new ParallelAction<T>(this, action, Settings, End, new BlockSlab<T>(Settings, End), _errors);
        FollowToken(_target.Cancel);
    }

    /// <summary>Makes a block with an asynchronous delegate; as many are under way at a time as the parallelism says.</summary>
    /// <param name="action">Called for each message. The lease is disposed when its task completes, unless it did so itself; a share that it wants to keep it retains.</param>
    /// <param name="options">Bounds, parallelism, scheduler, token, errors; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="action"/> is null.</exception>
    public static SlabActionBlock<T> CreateAsync(Func<Lease<T>, ValueTask> action, ExecutionDataflowBlockOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return new SlabActionBlock<T>(action, options);
    }

    /// <summary>Messages that wait for the delegate.</summary>
    public int InputCount => _target.InputCount;

    /// <inheritdoc/>
    public override BlockStatistics Statistics => new(_target.Received, 0, InputCount, 0, _target.Waits, Settings.AllocatedBytes);

    /// <summary>Messages that were given up after the delegate threw, and didn't fault the block.</summary>
    public long Errors => _errors.Errors;

    /// <summary>Takes messages that were given up, where the options' policy is <see cref="BlockErrorPolicy.DeadLetter"/>. Without one, or where it declines, they are dropped and counted.</summary>
    public ITargetBlock<DeadLetter<T>>? DeadLetters { get => _errors.DeadLetters; set => _errors.DeadLetters = value; }

    SlabTargetCore<Lease<T>> IBatchTargetBlock<Lease<T>>.Target => _target;

    /// <inheritdoc/>
    public override void Complete() => _target.Complete();

    private protected override void Fault(Exception fault) => _target.Fault(fault);

    DataflowMessageStatus ITargetBlock<Lease<T>>.OfferMessage(
        DataflowMessageHeader messageHeader, Lease<T> messageValue, ISourceBlock<Lease<T>>? source, bool consumeToAccept) =>
        _target.OfferMessage(messageHeader, messageValue, source, consumeToAccept);
}

using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>
/// The kit for blocks of one's own: a class that derives from it says what comes of the messages, and is a full block by
/// TPL Dataflow's protocol, with bounds, links, back-pressure, completion, and batches between it and other blocks of ours.
/// </summary>
/// <remarks>
/// Members of the block are thread-safe. The overridden methods are called on the options' scheduler, never two at once,
/// and each sees what the one before wrote. What they throw faults the block. They must not block for long: what is
/// finished is passed on when they return.
/// </remarks>
/// <example><code>
/// public sealed class EveryNth&lt;T>(int n, SlabBlockOptions? options = null) : SlabCustomBlock&lt;T, T>(options) where T : unmanaged
/// {
///     private int _seen;
///
///     protected override void Process(ref BlockInput&lt;T> input, ref BlockOutput&lt;T> output)
///     {
///         while (input.Count > 0 &amp;&amp; output.Room > 0)
///             if (++_seen % n == 0) output.Move(ref input);
///             else input.Take(1);
///     }
/// }
/// </code></example>
public abstract class SlabCustomBlock<TIn, TOut> : SlabPropagatorBlock<Lease<TIn>, Lease<TOut>>
    where TIn : unmanaged
    where TOut : unmanaged
{
    private readonly SerialCustom<TIn, TOut> _core;

    /// <summary>Makes the block.</summary>
    /// <param name="options">
    /// Bounds, scheduler, token, name; null for the defaults. The bound is on messages that wait before and behind the
    /// block. Parallelism and the error policy have no meaning here.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The options ask for a parallelism other than 1.</exception>
    protected SlabCustomBlock(ExecutionDataflowBlockOptions? options = null) : base(options)
    {
        if (Settings.Parallelism != 1)
            throw new ArgumentOutOfRangeException(nameof(options), Settings.Parallelism,
                $"A block of one's own handles its messages one after another; a parallelism of {Settings.Parallelism} was asked for.");
        _core = new SerialCustom<TIn, TOut>(this, Settings, End, new BlockSlab<TIn>(Settings, End), new BlockSlab<TOut>(Settings, End));
        FollowToken(_core.Cancel);
    }

    private protected sealed override SlabTargetCore<Lease<TIn>> Target => _core;

    private protected sealed override SlabSourceCore<Lease<TOut>> Source => _core.Source;

    /// <summary>Messages that wait to be taken by <see cref="Process"/>.</summary>
    public int InputCount => _core.InputCount;

    /// <summary>
    /// Handles messages: takes all that it is shown, unless the output has no room for what comes of them. Then it is
    /// called again when there is room. What it wants to remember of a message it keeps itself.
    /// </summary>
    /// <param name="input">Some of the messages that wait, oldest first; none where the call is due to <see cref="Wake"/> alone.</param>
    /// <param name="output">Where messages go; room for one at least.</param>
    protected abstract void Process(ref BlockInput<TIn> input, ref BlockOutput<TOut> output);

    /// <summary>Sends what the block still holds: called when its intake has ended and every message was taken.</summary>
    /// <param name="output">Where messages go; room for one at least.</param>
    /// <returns>Whether that was all; else it is called again when there is room.</returns>
    protected virtual bool Flush(ref BlockOutput<TOut> output) => true;

    /// <summary>Called once in place of <see cref="Flush"/>, or after it began, where the block faulted or was cancelled: gives back what it holds.</summary>
    protected virtual void Drop() { }

    /// <summary>Has <see cref="Process"/> called, also where no message waits: for timers and the like. Any thread; doesn't block.</summary>
    protected void Wake() => _core.WakeForAll();

    /// <summary>Ends the intake: nothing more is accepted; what waits is still shown to <see cref="Process"/>. Any thread; doesn't block.</summary>
    protected void EndIntake() => _core.Complete();

    internal void CallProcess(ref BlockInput<TIn> input, ref BlockOutput<TOut> output) => Process(ref input, ref output);

    internal bool CallFlush(ref BlockOutput<TOut> output) => Flush(ref output);

    internal void CallDrop() => Drop();
}

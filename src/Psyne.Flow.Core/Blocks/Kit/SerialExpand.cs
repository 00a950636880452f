using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Blocks;

/// <summary>Makes any number of messages of each message: the delegate is asked for one after another, as there is room.</summary>
internal sealed class SerialExpand<TIn, TOut> : SerialTransform<TIn, TOut>
    where TIn : unmanaged
    where TOut : unmanaged
{
    private readonly SlabExpansion<TIn, TOut> _expand;
    private int _next;
    private int _built;

    internal SerialExpand(IPropagatorBlock<Lease<TIn>, Lease<TOut>> owner, SlabExpansion<TIn, TOut> expand, BlockSettings settings,
        BlockCompletion completion, BlockSlab<TIn> inputs, BlockSlab<TOut> outputs, ErrorHandler<TIn> errors)
        : base(owner, static (in TIn _, ref TOut _) => throw new InvalidOperationException("Expansions are not built one for one."),
            settings, completion, inputs, outputs, errors) =>
        _expand = expand;

    /// <summary>Of the run that is being built, not of the messages: one may have many results, or none.</summary>
    protected override int ResultsFinished => WorkProgress<HardwareAtomics>.Finished(ref _built);

    protected override int Handle(int count, out bool stalls)
    {
        stalls = Retries.IsWaiting;
        var index = 0;
        for (; index < count && !stalls && GoesOn(); index++)
        {
            if (!Expand(index))
            {
                stalls = true;
                break;
            }
            Messages.EndIn(index);
            End(index);
            _next = 0;
            OnLeft(1); // what came of it is counted by itself
        }
        Retries.EndBatch(index);
        return index;
    }

    /// <summary>Builds what comes of one message from where it stopped. False when there is no more room at present, or it is to be tried again later.</summary>
    private bool Expand(int index)
    {
        while (true)
        {
            var room = ReserveResults(LargestBatch);
            if (room == 0)
                return false;
            var built = 0;
            var more = true;
            var later = false;
            try
            {
                while (built < room && !BlockEnd.Drops && (more = _expand(in Messages.In(index), _next, ref Results.Out(built))))
                {
                    WorkProgress<HardwareAtomics>.Finish(ref _built, ++built);
                    _next++;
                }
                more &= !BlockEnd.Drops;
            }
            catch (Exception fault) // the delegate's
            {
                var answer = Retries.After(index);
                later = answer == RetryAnswer.Later;
                more = answer == RetryAnswer.Again;
                if (answer == RetryAnswer.GiveUp)
                    GiveUp(index, fault);
            }
            finally
            {
                CountResults(built);
                lock (Source.Values)
                    Results.Commit(built);
                WorkProgress<HardwareAtomics>.Finish(ref _built, 0);
            }
            if (!more)
                return !later;
            Source.OfferNow();
        }
    }

    // Apart, so that the fast path makes no closure.
    private void GiveUp(int index, Exception fault)
    {
        if (!Errors.Survives(fault, () => Messages.TryTakeIn(index, out var lease) ? lease.Retain() : null))
            Fail(fault);
    }

    private void CountResults(int count)
    {
        lock (Incoming)
            CountMore(count);
    }
}

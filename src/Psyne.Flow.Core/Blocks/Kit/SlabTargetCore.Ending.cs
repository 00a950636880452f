using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

// How the intake ends, and what waits at sources is let go.
internal abstract partial class SlabTargetCore<TIn>
{
    /// <summary>Ends the intake; what is here is still handled.</summary>
    internal void Complete() => Close(null, evenIfClosed: false, canceled: default);

    /// <summary>Ends the intake with a fault, unless it ended before; drops what is here.</summary>
    internal void Fault(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Close(fault, evenIfClosed: false, canceled: default);
    }

    /// <summary>Faults the block for something that went wrong inside it, also when its intake ended before.</summary>
    internal void Fail(Exception fault) => Close(fault, evenIfClosed: true, canceled: default);

    internal void Cancel(CancellationToken token) => Close(null, evenIfClosed: false, token);

    private void Close(Exception? fault, bool evenIfClosed, CancellationToken canceled)
    {
        lock (Incoming)
        {
            if (!_declines || evenIfClosed)
            {
                if (fault is not null)
                    BlockEnd.AddFault(fault);
            }
            if (canceled.CanBeCanceled)
                BlockEnd.Cancel(canceled);
            _declines = true;
        }
        if (BlockEnd.Drops)
            DropWaiting();
        OnClosed();
    }

    /// <summary>Tells every source whose message was postponed that it won't be taken (C15). Called without locks.</summary>
    protected void ReleasePostponed()
    {
        while (true)
        {
            ISourceBlock<TIn>? source;
            DataflowMessageHeader header;
            lock (Incoming)
                if (!_postponed.TryPop(out source, out header))
                    return;
            try
            {
                if (source.ReserveMessage(header, Owner))
                    source.ReleaseReservation(header, Owner);
            }
            catch (Exception fault) // a source's own: the others are still told
            {
                BlockEnd.AddFault(fault);
            }
        }
    }
}

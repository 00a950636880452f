using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>Makes any number of messages of each of several messages at a time. Those of one stay together.</summary>
internal sealed class ParallelExpand<TIn, TOut>(IPropagatorBlock<Lease<TIn>, Lease<TOut>> owner, SlabExpansion<TIn, TOut> expand,
    BlockSettings settings, BlockCompletion completion, BlockSlab<TIn> inputs, BlockSlab<TOut> outputs, ErrorHandler<TIn> errors)
    : ParallelTransform<TIn, TOut>(owner, static (_, _) => default, settings, completion, inputs, outputs, errors)
    where TIn : unmanaged
    where TOut : unmanaged
{
    private readonly Lock _lock = new();
    private readonly List<List<Lease<TOut>>> _lists = [];
    private readonly Stack<int> _spare = [];

    protected override bool TryPrepare(out long slot, Action look)
    {
        lock (_lock)
        {
            if (!_spare.TryPop(out var index))
            {
                index = _lists.Count;
                _lists.Add([]);
            }
            slot = index;
        }
        return true;
    }

    internal override void Unprepare(long slot)
    {
        lock (_lock)
            _spare.Push((int)slot);
    }

    private List<Lease<TOut>> ListOf(long slot)
    {
        lock (_lock)
            return _lists[(int)slot];
    }

    internal override ValueTask Handle(Lease<TIn> message, long slot)
    {
        var list = ListOf(slot);
        return Fill(message, list) ? default : FillAsync(message, list);
    }

    private async ValueTask FillAsync(Lease<TIn> message, List<Lease<TOut>> list)
    {
        do
        {
            var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Outputs.WhenFree(() => free.TrySetResult());
            await free.Task.ConfigureAwait(false);
        }
        while (!Fill(message, list));
    }

    /// <summary>Builds what comes of the message from where the list ends. False when there is no slot at present.</summary>
    private unsafe bool Fill(Lease<TIn> message, List<Lease<TOut>> list)
    {
        while (!BlockEnd.Drops)
        {
            if (!Outputs.TryClaim(out var claim))
                return false;
            var more = false;
            try
            {
                more = expand(in message.Value, list.Count, ref *Outputs.At(claim));
            }
            finally
            {
                if (!more)
                    Outputs.Abort(claim);
            }
            if (!more)
                return true;
            list.Add(Outputs.ToLease(claim));
        }
        return true;
    }

    protected override void PassOn(long position, long slot, bool hasResult)
    {
        // What was built before a failure goes on, as it does where messages are handled one at a time.
        var list = ListOf(slot);
        lock (Incoming)
            CountMore(list.Count);
        foreach (var result in list)
            Add(position, result, isLast: false);
        list.Clear();
        Unprepare(slot);
        PassOn(position, default(Lease<TOut>));
    }
}

using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>Makes any number of messages of each of several messages at a time. Those of one stay together.</summary>
/// <remarks>
/// What comes of a message waits until it is complete and its turn has come, in slots that others may want. So that those
/// never wait for each other, no more messages are taken than the parallelism ahead of the first whose results haven't
/// gone, and each may fill its share of the slots.
/// </remarks>
internal sealed class ParallelExpand<TIn, TOut>(IPropagatorBlock<Lease<TIn>, Lease<TOut>> owner, SlabExpansion<TIn, TOut> expand,
    BlockSettings settings, BlockCompletion completion, BlockSlab<TIn> inputs, BlockSlab<TOut> outputs, ErrorHandler<TIn> errors)
    : ParallelTransform<TIn, TOut>(owner, static (_, _) => default, settings, completion, inputs, outputs, errors)
    where TIn : unmanaged
    where TOut : unmanaged
{
    private readonly Lock _lock = new();
    private readonly List<List<Lease<TOut>>> _lists = [];
    private readonly Stack<int> _spare = [];
    private int _ahead;
    private bool _waits;

    protected override bool TryPrepare(out long slot, Action look)
    {
        lock (_lock)
        {
            slot = 0;
            if (_ahead == Settings.Parallelism)
            {
                _waits = true; // OnTurn looks again
                return false;
            }
            _ahead++;
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
        {
            _spare.Push((int)slot);
            _ahead--;
        }
    }

    /// <summary>So many messages' results have all gone.</summary>
    protected override void OnTurn(int messages)
    {
        bool waits;
        lock (_lock)
        {
            _ahead -= messages;
            (waits, _waits) = (_waits, false);
        }
        if (waits)
            WakeOne();
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
            if (list.Count >= Outputs.Slots / Settings.Parallelism)
                throw new InvalidOperationException(
                    $"{Owner} makes more than {list.Count} messages of one: its {Outputs.Slots} slots are shared by {Settings.Parallelism} at a time. Raise SizeFactor, or lower the parallelism.");
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
        lock (_lock)
            _spare.Push((int)slot);
        PassOn(position, default(Lease<TOut>));
    }
}

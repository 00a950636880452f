using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

// How batches come in from a source of ours. Its locks are held, so this one's is only tried.
internal abstract partial class SlabTargetCore<TIn>
{
    int IBatchTarget<TIn>.TakeFrom(MessageQueue<TIn> messages, int most)
    {
        if (!TryEnter())
            return 0;
        try
        {
            if (!Settings.FastPath || IsNonGreedy || _declines || HasPostponed || _transfers > 0 || !messages.CanMoveTo(Queue))
                return 0;
            return Move(messages, most);
        }
        finally
        {
            Incoming.Exit();
        }
    }

    private int Move(MessageQueue<TIn> messages, int most)
    {
        var moved = messages.MoveTo(Queue, (int)Math.Min(most, Math.Max(0, Room)));
        _outstanding += moved;
        _received += moved;
        return moved;
    }

    int IBatchTarget<TIn>.PullFrom(MessageQueue<TIn> messages, int most, ISourceBlock<TIn> source, long headId)
    {
        if (!TryEnter())
            return -1;
        try
        {
            if (_declines || !messages.CanMoveTo(Queue))
                return -1;
            var moved = Move(messages, most);
            if (moved > 0 && messages.Count > 0)
                _postponed.Push(source, new DataflowMessageHeader(headId + moved)); // it waited before
            return moved;
        }
        finally
        {
            Incoming.Exit();
        }
    }

    bool IBatchTarget<TIn>.TryPostpone(ISourceBlock<TIn> source, DataflowMessageHeader header)
    {
        if (!Settings.FastPath || !TryEnter())
            return false;
        try
        {
            if (_declines || (Room > 0 && !HasPostponed && _transfers == 0 && !IsNonGreedy))
                return false;
            PostponeAt(source, header);
            return true;
        }
        finally
        {
            Incoming.Exit();
        }
    }

    void IBatchTarget<TIn>.OnTaken() => OnIntake();

    private bool TryEnter()
    {
        for (var tries = 0; tries < 32; tries++)
        {
            if (Incoming.TryEnter())
                return true;
            Thread.SpinWait(8);
        }
        return false;
    }
}

#pragma warning disable RS0030 // the list of outputs is replaced as a whole; nothing on the slab is ordered by it
using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>Gives each message to every output. The one with the least room decides how fast.</summary>
internal sealed class BroadcastCore<T>(ISourceBlock<Lease<T>> owner, BlockSettings settings, BlockCompletion completion, BlockSlab<T> slab)
    : SerialCore<T>((ITargetBlock<Lease<T>>)owner, SlabQueue<T>.Create(settings, slab), settings, completion)
    where T : unmanaged
{
    private readonly Lock _lock = new();
    private BroadcastOutput<T>[] _outputs = [];

    // Under _lock.
    private long _sentToGone;
    private int _open;
    private bool _ends;

    protected override bool LeavesWhenHandled => true;

    /// <summary>Gives the target an output of its own. Null when the block has ended.</summary>
    internal BroadcastOutput<T>? Add()
    {
        lock (_lock)
        {
            if (_ends)
                return null;
            var output = new BroadcastOutput<T>(owner, Settings, slab, this);
            _outputs = [.. _outputs, output];
            _open++;
            return output;
        }
    }

    /// <summary>Has the first message given out: after the new output has its link.</summary>
    internal void Start() => Wake();

    internal void Remove(BroadcastOutput<T> output)
    {
        lock (_lock)
        {
            _outputs = [.. _outputs.Where(other => other != output)];
            _sentToGone += output.Source.Sent;
        }
        Wake();
    }

    /// <summary>Messages that were sent to all targets, those included that are linked no more, and messages that wait for one.</summary>
    internal (long Sent, int Waiting) CountOutputs()
    {
        lock (_lock)
            return (_sentToGone + _outputs.Sum(static output => output.Source.Sent), _outputs.Sum(static output => output.Source.Count));
    }

    internal void OnOutputEnded()
    {
        lock (_lock)
        {
            _open--;
            if (!_ends || _open > 0)
                return;
        }
        BlockEnd.Finish();
    }

    internal void OnOutputLeft() => Wake();

    protected override int Handle(int count, out bool stalls)
    {
        var outputs = Volatile.Read(ref _outputs);
        foreach (var output in outputs)
            count = (int)Math.Min(count, output.Room);
        stalls = outputs.Length == 0 || count == 0; // a link, or a message that leaves, wakes it
        if (stalls)
            return 0;
        var given = 0;
        if (Messages is ValueQueue<T> values)
        {
            var run = values.Run(built: false, count);
            foreach (var output in outputs)
                output.Give(run);
            given = count;
        }
        else
            while (given < count && GoesOn() && TryGive(outputs, given))
                End(given++);
        stalls = given == 0;
        foreach (var output in outputs)
            output.Source.OfferNow();
        return given;
    }

    private bool TryGive(BroadcastOutput<T>[] outputs, int index)
    {
        Messages.TryTakeIn(index, out var lease);
        for (var i = 1; i < outputs.Length; i++)
            outputs[i].Give(lease.Retain());
        outputs[0].Give(lease);
        return true;
    }

    protected override void OnEnded()
    {
        BroadcastOutput<T>[] outputs;
        lock (_lock)
        {
            _ends = true;
            outputs = _outputs;
            if (_open == 0)
                outputs = [];
        }
        foreach (var output in outputs)
            output.Complete(BlockEnd);
        bool none;
        lock (_lock)
            none = _open == 0;
        if (none)
            BlockEnd.Finish();
    }
}

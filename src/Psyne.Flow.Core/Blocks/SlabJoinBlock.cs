using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow;

/// <summary>Brings the messages of two sources together, the first with the first, the second with the second.</summary>
/// <remarks>
/// Thread-safe. Greedy (the default), each side takes what it is offered; else nothing is taken until both sides can have
/// a message: both are reserved, and then both consumed. The block completes when one side is completed and no message of
/// it is left; what the other side then still holds is given back.
/// </remarks>
/// <example><code>
/// var labelled = new SlabJoinBlock&lt;Image, Label&gt;();
/// images.LinkTo(labelled.Target1, propagate);
/// labels.LinkTo(labelled.Target2, propagate);
/// </code></example>
public sealed class SlabJoinBlock<T1, T2> : SlabSourceBlock<LeasePair<T1, T2>>
    where T1 : unmanaged
    where T2 : unmanaged
{
    private readonly JoinTarget<T1> _first;
    private readonly JoinTarget<T2> _second;
    private readonly IJoinSide[] _sides;
    private readonly BlockWork _joining;
    private long _left;
    private bool _finished; // on the joining work only

    /// <summary>Makes the block.</summary>
    /// <param name="options">Greed, the bound of each side and of the pairs, the most pairs, the token, the scheduler; null for the defaults.</param>
    public SlabJoinBlock(GroupingDataflowBlockOptions? options = null) : base(options)
    {
        _left = Settings.Groups;
        _joining = new BlockWork(Settings, Join, Fault);
        _first = new JoinTarget<T1>(Settings, End, new BlockSlab<T1>(Settings, End), _joining.Request, Fault);
        _second = new JoinTarget<T2>(Settings, End, new BlockSlab<T2>(Settings, End), _joining.Request, Fault);
        _sides = [_first, _second];
        Source = new SlabSourceCore<LeasePair<T1, T2>>(this, new HandleQueue<LeasePair<T1, T2>>(), Settings, End, new Lock(), OnLeft, Fault);
        FollowToken(token =>
        {
            End.Cancel(token);
            Complete();
        });
    }

    private protected override SlabSourceCore<LeasePair<T1, T2>> Source { get; }

    /// <inheritdoc/>
    public override BlockStatistics Statistics => new(_first.Received + _second.Received, Source.Sent, _first.InputCount + _second.InputCount,
        Source.Count, _first.Waits + _second.Waits, Settings.AllocatedBytes);

    /// <summary>The side of each pair's first message.</summary>
    public ITargetBlock<Lease<T1>> Target1 => _first;

    /// <summary>The side of each pair's second message.</summary>
    public ITargetBlock<Lease<T2>> Target2 => _second;

    /// <summary>Ends the intake of both sides.</summary>
    public override void Complete()
    {
        foreach (var side in _sides)
            side.EndIntake();
    }

    private protected override void Fault(Exception fault)
    {
        if (!_first.IsClosed || !_second.IsClosed)
            End.AddFault(fault);
        Complete();
    }

    private void OnLeft(int count)
    {
        if (Settings.Greedy)
        {
            _first.OnLeft(count);
            _second.OnLeft(count);
        }
        _joining.Request(); // the pairs have a bound, too
    }

    private bool HasRoom => Settings.Capacity == DataflowBlockOptions.Unbounded || Source.Count < Settings.Capacity;

    private void Join()
    {
        if (_finished)
            return;
        while (!End.Drops && _left > 0 && HasRoom)
        {
            foreach (var side in _sides)
                side.Fill();
            if (!TryReady())
                break;
            if (!TryTake(out var pair))
                break;
            if (!Source.TryAdd(pair))
                pair.Dispose();
            if (--_left == 0)
                Complete();
        }
        if (End.Drops || _left == 0 || _sides.Any(static side => side.IsClosed && !side.IsBusy && side.Waiting == 0))
            Finish();
    }

    private bool TryReady()
    {
        foreach (var side in _sides)
            if (!side.MayBeReady) // nothing is reserved in vain while a side has nothing at all
                return false;
        for (var i = 0; i < _sides.Length; i++)
        {
            if (_sides[i].TryReady())
                continue;
            while (--i >= 0)
                _sides[i].Unready();
            return false;
        }
        return true;
    }

    private bool TryTake(out LeasePair<T1, T2> pair)
    {
        var first = _first.TryTake(out var one);
        var second = _second.TryTake(out var two);
        pair = new LeasePair<T1, T2>(one, two);
        if (first && second)
            return true;
        if (first)
            one.Dispose();
        if (second)
            two.Dispose();
        if (!Settings.Greedy) // a source gave away what it had let be reserved
            Fault(new InvalidOperationException($"A source of {this} did not keep a message that was reserved."));
        return false;
    }

    private void Finish()
    {
        _finished = true;
        Complete();
        foreach (var side in _sides)
            side.Close();
        Source.Complete();
    }
}

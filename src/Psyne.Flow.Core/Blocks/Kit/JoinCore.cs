using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow.Blocks;

/// <summary>Brings the messages of two or three sides together: small ones by the dozen, by value, others one of each at a time.</summary>
internal sealed class JoinCore<T1, T2, T3, TOut>
    where T1 : unmanaged
    where T2 : unmanaged
    where T3 : unmanaged
    where TOut : struct, IJoinHandle<TOut, T1, T2, T3>
{
    private static readonly bool s_byValue = SlabQueue<T1>.IsByValue && SlabQueue<T2>.IsByValue && SlabQueue<T3>.IsByValue;

    private readonly BlockSettings _settings;
    private readonly BlockCompletion _end;
    private readonly ISourceBlock<TOut> _owner;
    private readonly IJoinSide[] _sides;
    private readonly BlockWork _joining;
    private readonly Action _joinAgain;
    private readonly JoinRuns<T1, T2, T3> _runs;
    private readonly Stack<JoinLeases<T1, T2, T3>> _spare = [];

    // On the joining work only.
    private JoinRun<T1, T2, T3>? _run;
    private long _left;
    private bool _finished;

    /// <param name="owner">The block that targets know.</param>
    /// <param name="settings">The block's options.</param>
    /// <param name="end">The block's end.</param>
    /// <param name="hasThird">Whether there are three sides; else what they would bring is nothing.</param>
    internal JoinCore(ISourceBlock<TOut> owner, BlockSettings settings, BlockCompletion end, bool hasThird)
    {
        (_owner, _settings, _end, _left) = (owner, settings, end, settings.Groups);
        _joining = new BlockWork(settings, Join, Fault);
        _joinAgain = _joining.Request;
        var (firsts, seconds, thirds) = (new BlockSlab<T1>(settings, end), new BlockSlab<T2>(settings, end), new BlockSlab<T3>(settings, end));
        _runs = new JoinRuns<T1, T2, T3>(settings, end, firsts, seconds, thirds);
        First = new JoinTarget<T1>(settings, end, firsts, _joinAgain, Fault);
        Second = new JoinTarget<T2>(settings, end, seconds, _joinAgain, Fault);
        Third = hasThird ? new JoinTarget<T3>(settings, end, thirds, _joinAgain, Fault) : null;
        _sides = Third is null ? [First, Second] : [First, Second, Third];
        Source = new SlabSourceCore<TOut>(owner, new HandleQueue<TOut>(), settings, end, new Lock(), OnLeft, Fault);
    }

    internal JoinTarget<T1> First { get; }

    internal JoinTarget<T2> Second { get; }

    internal JoinTarget<T3>? Third { get; }

    internal SlabSourceCore<TOut> Source { get; }

    internal BlockStatistics Statistics => new(_sides.Sum(static side => side.Received), Source.Sent, _sides.Sum(static side => side.InputCount),
        Source.Count, _sides.Sum(static side => side.Waits), _settings.AllocatedBytes);

    internal void Complete()
    {
        foreach (var side in _sides)
            side.EndIntake();
    }

    internal void Fault(Exception fault)
    {
        if (_sides.Any(static side => !side.IsClosed))
            _end.AddFault(fault);
        Complete();
    }

    internal void Cancel(CancellationToken token)
    {
        _end.Cancel(token);
        Complete();
    }

    private void OnLeft(int count)
    {
        if (_settings.Greedy)
            foreach (var side in _sides)
                side.OnLeft(count);
        _joining.Request(); // what was joined has a bound, too
    }

    private int Room => _settings.Capacity == DataflowBlockOptions.Unbounded ? int.MaxValue : _settings.Capacity - Source.Count;

    private void Join()
    {
        if (_finished)
            return;
        while (!_end.Drops && _left > 0 && Room > 0)
        {
            foreach (var side in _sides)
                side.Fill();
            if (!(s_byValue && _settings.Greedy ? TryJoinValues() : TryJoinLeases()))
                break;
            Source.Offer();
            if (_left == 0)
                Complete();
        }
        if (_end.Drops || _left == 0 || HasEndedSide)
            Finish();
    }

    private bool HasEndedSide
    {
        get
        {
            foreach (var side in _sides)
                if (side is { IsClosed: true, IsBusy: false, InputCount: 0 })
                    return true;
            return false;
        }
    }

    /// <summary>Joins as many small messages as there are of each side, into one run. False when there is none, or no slot for a run.</summary>
    private bool TryJoinValues()
    {
        var count = (int)Math.Min(Math.Min(Room, _left), _run?.Room ?? int.MaxValue);
        foreach (var side in _sides)
            count = side.CheckOut(count);
        if (count == 0 || (_run ??= _runs.Rent(_joinAgain)) is not { } run)
            return false;
        count = Math.Min(count, run.Room);
        Fill(run.Free[..count]);
        foreach (var side in _sides)
            side.Remove(count);
        Send(run, count);
        _left -= count;
        if (run.Room == 0)
            EndRun();
        return true;
    }

    private void Fill(Span<JoinedValues<T1, T2, T3>> joined)
    {
        var first = First.Run(joined.Length);
        var second = Second.Run(joined.Length);
        for (var i = 0; i < joined.Length; i++)
        {
            joined[i].First = first[i];
            joined[i].Second = second[i];
        }
        if (Third is null)
            return;
        var third = Third.Run(joined.Length);
        for (var i = 0; i < joined.Length; i++)
            joined[i].Third = third[i];
    }

    private void Send(JoinRun<T1, T2, T3> run, int count)
    {
        lock (Source.Values)
            for (; count > 0; count--)
            {
                var joined = TOut.Of(run, run.Take());
                if (!Source.TryAddQuietly(joined))
                    joined.Dispose(); // the block ends
            }
    }

    private void EndRun()
    {
        _run?.Close();
        _run = null;
    }

    private bool TryJoinLeases()
    {
        if (!TryReady() || !TryTake(out var joined))
            return false;
        if (!Source.TryAddQuietly(joined))
            joined.Dispose(); // the block ends
        _left--;
        return true;
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

    private bool TryTake(out TOut joined)
    {
        var all = TryTake(First, out var first);
        all &= TryTake(Second, out var second);
        Lease<T3> third = default;
        if (Third is not null)
            all &= TryTake(Third, out third);
        joined = TOut.Of(JoinLeases<T1, T2, T3>.Of(_spare, first, second, third, out var handle), handle);
        if (!all)
            joined.Dispose();
        return all;
    }

    /// <summary>Takes what is ready; where that fails the block faults, and the other sides' messages are still taken, to be given back.</summary>
    private bool TryTake<T>(JoinTarget<T> side, out Lease<T> message) where T : unmanaged
    {
        try
        {
            if (side.TryTake(out message))
                return true;
            Fault(new InvalidOperationException($"A source of {_owner} did not keep a message that was reserved."));
        }
        catch (Exception fault) // a source's own
        {
            message = default;
            Fault(fault);
        }
        return false;
    }

    private void Finish()
    {
        _finished = true;
        EndRun();
        Complete();
        foreach (var side in _sides)
            side.Close();
        Source.Complete();
    }
}

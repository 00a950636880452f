using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>Puts messages together into batches: by count, by bytes, when asked, or when the oldest has waited long enough.</summary>
#pragma warning disable CA1001 // the block's end disposes its memory and timer
internal sealed class BatchCore<T> : SerialCore<T>, IBatchMaker<T> where T : unmanaged
#pragma warning restore CA1001
{
    private readonly BatchRecords<T> _records;
    private readonly BlockSlab<T> _runs;
    private readonly long _size;
    private readonly TimeSpan _delay;
    private readonly ITimer? _timer;
    private readonly Queue<int> _counts = [];

    // Under the lock of values.
    private BatchRecord<T>? _open;
    private long _claim;
    private int _filled;
    private bool _due;
    private long _batches;

    internal BatchCore(IPropagatorBlock<Lease<T>, OwnedLeaseBatch<T>> owner, int size, SlabBatchOptions batching, BlockSettings settings,
        BlockCompletion completion, BlockSlab<T> slab)
        : base(owner, SlabQueue<T>.Create(settings, slab), settings, completion)
    {
        _size = batching.MostOf<T>(size);
        _records = new BatchRecords<T>(slab);
        _runs = new BlockSlab<T>(settings, completion, (int)_size);
        _delay = batching.MaxDelay;
        _batches = settings.Groups;
        Source = new SlabSourceCore<OwnedLeaseBatch<T>>(owner, new HandleQueue<OwnedLeaseBatch<T>>(), settings, completion, new Lock(), OnBatchesLeft, Fail);
        if (_delay != Timeout.InfiniteTimeSpan)
            _timer = batching.TimeProvider.CreateTimer(static core => ((BatchCore<T>)core!).Trigger(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public SlabSourceCore<OwnedLeaseBatch<T>> Source { get; }

    protected override bool LeavesWhenHandled => false;

    private void OnBatchesLeft(int count)
    {
        var messages = 0;
        lock (Source.Values)
            for (; count > 0; count--)
                messages += _counts.Dequeue();
        OnLeft(messages);
    }

    /// <summary>Has what there is sent as a batch, when the messages before this call have been put into it.</summary>
    public void Trigger()
    {
        lock (Source.Values)
            _due = true;
        Wake();
    }

    protected override int Handle(int count, out bool stalls)
    {
        stalls = false;
        var index = 0;
        while (index < count && GoesOn())
        {
            if (_batches == 0)
            {
                Messages.EndIn(index);
                OnLeft(1);
                End(index++);
                continue;
            }
            if (_open is null && !TryOpen())
            {
                stalls = true;
                break;
            }
            if (Messages is ValueQueue<T> values)
                index += Fill(values.Run(built: false, count)[index..]);
            else
            {
                Messages.TryTakeIn(index++, out var lease);
                _open!.Add(lease);
            }
            End(index - 1);
            if ((SlabQueue<T>.IsByValue ? _filled : _open!.Count) >= _size)
                Send();
        }
        return index;
    }

    private bool TryOpen()
    {
        if (SlabQueue<T>.IsByValue && !_runs.TryClaim(out _claim))
        {
            _runs.WhenFree(Wake);
            return false;
        }
        _filled = 0;
        _open = _records.Rent();
        _timer?.Change(_delay, Timeout.InfiniteTimeSpan);
        return true;
    }

    private unsafe int Fill(ReadOnlySpan<T> values)
    {
        var count = (int)Math.Min(values.Length, _size - _filled);
        values[..count].CopyTo(new Span<T>(_runs.At(_claim) + _filled, count));
        _filled += count;
        return count;
    }

    private void Send()
    {
        if (_open is not { } record)
            return;
        _open = null;
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (SlabQueue<T>.IsByValue)
            record.SetRun(_runs.ToLease(_claim), _filled);
        var batch = new OwnedLeaseBatch<T>(record, record.Version);
        lock (Source.Values)
            _counts.Enqueue(record.Count);
        if (!Source.TryAdd(batch))
            batch.Dispose();
        if (--_batches == 0)
            Complete();
    }

    /// <summary>On the worker, when nothing waits: a batch that is due goes.</summary>
    protected override void OnIdle()
    {
        bool due;
        lock (Source.Values)
            (due, _due) = (_due, false);
        if (due && !BlockEnd.Drops)
            Send();
    }

    protected override void PassOnResults() { }

    protected override void OnEnded()
    {
        _timer?.Dispose();
        if (!BlockEnd.Drops)
            Send();
        else if (_open is { } record)
        {
            _open = null;
            if (SlabQueue<T>.IsByValue)
                _runs.Abort(_claim);
            record.End(record.Version);
        }
        Source.Complete();
    }
}

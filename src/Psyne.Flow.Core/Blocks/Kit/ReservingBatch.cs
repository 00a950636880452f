#pragma warning disable RS0030 // whether a smaller batch was asked for; nothing on the slab is ordered by it
using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>
/// Makes batches of messages that stay at their sources until there is one for each place: all are reserved, then all are
/// consumed, or all are let go (C23).
/// </summary>
internal sealed class ReservingBatch<T> : SlabTargetCore<Lease<T>>, IBatchMaker<T> where T : unmanaged
{
    private readonly BatchRecords<T> _records;
    private readonly BlockWork _work;
    private readonly int _size;
    private readonly List<(ISourceBlock<Lease<T>> Source, DataflowMessageHeader Header)> _reserved = [];

    // Under the lock of values.
    private readonly Queue<int> _counts = [];

    // On the work only, but for _due.
    private int _due;
    private long _batches;
    private bool _ended;

    internal ReservingBatch(IPropagatorBlock<Lease<T>, OwnedLeaseBatch<T>> owner, int size, BlockSettings settings, BlockCompletion completion, BlockSlab<T> slab)
        : base(owner, SlabQueue<T>.Create(settings, slab), settings, completion, new Lock(), System.Runtime.CompilerServices.Unsafe.SizeOf<T>())
    {
        _records = new BatchRecords<T>(slab);
        _size = size;
        _batches = settings.Groups;
        _work = new BlockWork(settings, Run, Fail);
        Source = new SlabSourceCore<OwnedLeaseBatch<T>>(owner, new HandleQueue<OwnedLeaseBatch<T>>(), settings, completion, new Lock(), OnBatchesLeft, Fail);
    }

    public SlabSourceCore<OwnedLeaseBatch<T>> Source { get; }

    protected override bool IsNonGreedy => true;

    protected override void OnIntake() => _work.Request();

    protected override void OnPostponed() => _work.Request();

    protected override void OnRoom() => _work.Request();

    protected override void OnClosed() => _work.Request();

    public void Trigger()
    {
        Volatile.Write(ref _due, 1);
        _work.Request();
    }

    private void OnBatchesLeft(int count)
    {
        var messages = 0;
        lock (Source.Values)
            for (; count > 0; count--)
                messages += _counts.Dequeue();
        OnLeft(messages);
        _work.Request();
    }

    private void Run()
    {
        if (_ended)
            return;
        while (Goes(_size) && TryReserve(_size, orFewer: false))
            Send();
        if (Volatile.Read(ref _due) == 1)
        {
            Volatile.Write(ref _due, 0);
            if (Goes(1) && TryReserve(_size, orFewer: true))
                Send();
        }
        lock (Incoming)
        {
            if (!Declines)
                return;
            Queue.Dispose();
        }
        _ended = true;
        ReleasePostponed();
        Source.Complete();
    }

    /// <summary>Whether there may be a batch of so many, and room for it.</summary>
    private bool Goes(int least)
    {
        lock (Incoming)
            return !Declines && _batches > 0 && PostponedCount >= least && HasRoomFor(least);
    }

    /// <summary>Reserves messages, one of each source. False, and none is reserved, where there are too few.</summary>
    private bool TryReserve(int count, bool orFewer)
    {
        _reserved.Clear();
        while (_reserved.Count < count && TryPopPostponed(out var source, out var header))
            if (source.ReserveMessage(header, Owner))
                _reserved.Add((source, header));
        if (_reserved.Count == count || (orFewer && _reserved.Count > 0))
            return true;
        foreach (var (source, header) in _reserved)
        {
            PushPostponed(source, header); // first: the release may offer a newer one
            source.ReleaseReservation(header, Owner);
        }
        return false;
    }

    private void Send()
    {
        var record = _records.Rent();
        foreach (var (source, header) in _reserved)
        {
            try
            {
                var message = source.ConsumeMessage(header, Owner, out var consumed);
                if (consumed)
                    record.Add(message);
                else
                    Fail(new InvalidOperationException($"A source of {Owner} did not keep a message that was reserved."));
            }
            catch (Exception fault) // the source's own; the others' messages are still taken, to be given back
            {
                Fail(fault);
            }
        }
        CountReceived(record.Count);
        var batch = new OwnedLeaseBatch<T>(record, record.Version);
        lock (Source.Values)
            _counts.Enqueue(record.Count);
        if (BlockEnd.Drops || !Source.TryAdd(batch))
            batch.Dispose();
        if (--_batches == 0)
            Complete();
    }
}

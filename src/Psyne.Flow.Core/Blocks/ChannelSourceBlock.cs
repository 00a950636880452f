#pragma warning disable RS0030 // whether the pump waits; nothing on the slab is ordered by it
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>
/// A channel's read end as a source block. It takes messages out of the channel as its targets take them, some hundred
/// ahead, and completes or faults when the channel does.
/// </summary>
internal sealed class ChannelSourceBlock<T> : SlabSourceBlock<Lease<T>> where T : unmanaged
{
    private const int LargestBatch = 256;
    private const int Turns = 16;

    private readonly SlabReader<T> _reader;
    private readonly SlabQueue<T> _queue;
    private readonly BlockWork _pump;
    private readonly Action _onWaited;
    private readonly bool _copies;
    private ValueTaskAwaiter<bool> _wait;
    private bool _waitsForRoom;
    private bool _waits;
    private int _linger;
    private bool _ended;

    internal ChannelSourceBlock(SlabReader<T> reader, DataflowBlockOptions? options) : base(options)
    {
        _reader = reader;
        _copies = SlabQueue<T>.IsByValue || !reader.Channel.Layout.IsPooled; // a place in the channel's ring is not held for as long as targets may take
        _queue = SlabQueue<T>.Create(Settings, new BlockSlab<T>(Settings, End));
        Source = new SlabSourceCore<Lease<T>>(this, _queue, Settings, End, new Lock(), OnLeft, Fail);
        _pump = new BlockWork(Settings, Pump, Fail);
        _onWaited = OnWaited;
        FollowToken(token =>
        {
            End.Cancel(token);
            _pump.Request();
        });
        _pump.Request();
    }

    private protected override SlabSourceCore<Lease<T>> Source { get; }

    /// <summary>Takes nothing more from the channel, which stays open; what was taken is still handed on.</summary>
    public override void Complete()
    {
        Volatile.Write(ref _ended, true);
        _pump.Request();
    }

    private protected override void Fault(Exception fault) => Fail(fault);

    private void Fail(Exception fault)
    {
        End.AddFault(fault);
        Complete();
    }

    private void OnLeft(int count)
    {
        if (Volatile.Read(ref _waitsForRoom))
            _pump.Request();
    }

    private int BatchSize => (int)Math.Min(LargestBatch, Settings.BoundFor(Unsafe.SizeOf<T>()));

    private void Pump()
    {
        while (!Volatile.Read(ref _ended) && !End.Drops)
        {
            Volatile.Write(ref _waitsForRoom, true);
            int room;
            lock (Source.Values)
                room = BatchSize - _queue.Count;
            if (room <= 0)
                return; // OnLeft calls
            Volatile.Write(ref _waitsForRoom, false);
            var taken = _copies ? TakeValues((int)Math.Min(room, Math.Max(1, _reader.Count)), out var isFull) : TakeLeases(room, out isFull);
            if (isFull)
            {
                _queue.WhenEnqueueable(_pump.Request);
                return;
            }
            if (taken > 0)
            {
                _linger = Turns;
                Source.OfferNow();
                continue;
            }
            // Waiting has the producer wake somebody, for a message or two. A few turns later there are dozens.
            if (_linger-- > 0 && !_reader.IsFinished)
            {
                _pump.Request();
                return;
            }
            if (Volatile.Read(ref _waits) || !Waits())
                return;
        }
        Source.Complete();
    }

    /// <summary>Copies messages out of the channel's ring. None, and full, when the block's slab has no slot for one.</summary>
    private int TakeValues(int most, out bool isFull)
    {
        int room;
        lock (Source.Values)
            room = _queue.Reserve(most);
        isFull = room == 0;
        var count = 0;
        try
        {
            if (room > 0 && _reader.TryTakeBatch(room, out var batch))
                using (batch)
                    foreach (ref readonly var message in batch)
                        _queue.Out(count++) = message;
        }
        finally
        {
            lock (Source.Values)
                _queue.Commit(count);
        }
        return count;
    }

    /// <summary>Takes over messages that lie in slots of their own.</summary>
    private int TakeLeases(int most, out bool isFull)
    {
        isFull = false;
        var count = 0;
        for (; count < most && _reader.TryTake(out var lease); count++)
            if (!Source.TryAdd(lease))
                lease.Dispose(); // the block has ended
        return count;
    }

    /// <summary>Has the pump run when there are messages. True when it may go on at once.</summary>
    private bool Waits()
    {
#pragma warning disable CA2012 // asked for its result once, in EndWait
        _wait = _reader.WaitToTakeAsync(Settings.Token).GetAwaiter();
#pragma warning restore CA2012
        if (_wait.IsCompleted)
        {
            EndWait();
            return true;
        }
        Volatile.Write(ref _waits, true);
        _wait.UnsafeOnCompleted(_onWaited);
        return false;
    }

    private void OnWaited()
    {
        EndWait();
        Volatile.Write(ref _waits, false);
        _pump.Request();
    }

    private void EndWait()
    {
        try
        {
            if (!_wait.GetResult())
                Volatile.Write(ref _ended, true);
        }
        catch (OperationCanceledException) when (Settings.Token.IsCancellationRequested)
        {
            End.Cancel(Settings.Token); // the block's own callback may not have come so far
            Volatile.Write(ref _ended, true);
        }
        catch (Exception fault) // the channel's, after its last message
        {
            End.AddLast(fault);
            Volatile.Write(ref _ended, true);
        }
    }
}

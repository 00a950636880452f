using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>What slabs add to TPL's blocks: bounds in bytes, memory that is full, what no predicate matches, batches by time.</summary>
public sealed class BlockBoundTests
{
    private readonly Leases<Small> _small = new();
    private readonly PumpScheduler _pump = new();

    [Fact]
    public void BoundedBytes_Reached_Declines()
    {
        var block = new SlabBufferBlock<Small>(new SlabBlockOptions { BoundedBytes = 3 * 8 + 7, TaskScheduler = _pump });
        int taken = Enumerable.Range(1, 10).Count(i => Offer(block, i));

        Assert.Equal(3, taken);
        Assert.Equal(3, block.Count);
        Assert.True(block.TryReceive(out Lease<Small> one));
        one.Dispose();
        Assert.True(Offer(block, 11));
    }

    [Fact]
    public void BoundedBytes_BelowOneMessage_LetsOneIn()
    {
        var block = new SlabBufferBlock<Small>(new SlabBlockOptions { BoundedBytes = 1, TaskScheduler = _pump });
        Assert.True(Offer(block, 1));
        Assert.False(Offer(block, 2));
    }

    [Fact]
    public void Options_OutOfBounds_SayTheValue()
    {
        Assert.Contains("-5", Assert.Throws<ArgumentOutOfRangeException>(() => new SlabBlockOptions { BoundedBytes = -5 }).Message);
        Assert.Contains("1024", Assert.Throws<ArgumentOutOfRangeException>(() => new SlabBlockOptions { SizeFactor = 1024 }).Message);
        Assert.Contains("0", Assert.Throws<ArgumentOutOfRangeException>(() => new SlabBatchOptions { MaxBytes = 0 }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlabBatchOptions { MaxDelay = TimeSpan.Zero });
        Assert.Throws<ArgumentNullException>(() => new SlabBatchOptions { TimeProvider = null! });
        Assert.Contains("0", Assert.Throws<ArgumentOutOfRangeException>(() => new SlabMergeBlock<Small>(0)).Message);
        Assert.Contains("70000", Assert.Throws<ArgumentOutOfRangeException>(() => new SlabBatchBlock<Small>(70000)).Message);
        Assert.Contains("of 9", Assert.Throws<ArgumentOutOfRangeException>(() => new SlabBatchBlock<Small>(9, new SlabBatchOptions { BoundedCapacity = 8 })).Message);
        Assert.Contains("00:00:01", Assert.Throws<ArgumentException>(
            () => new SlabBatchBlock<Small>(2, new SlabBatchOptions { Greedy = false, MaxDelay = TimeSpan.FromSeconds(1) })).Message);
        Assert.Throws<ArgumentNullException>(() => new SlabActionBlock<Small>(null!));
        Assert.Throws<ArgumentNullException>(() => SlabActionBlock<Small>.CreateAsync(null!));
        Assert.Throws<ArgumentNullException>(() => new SlabTransformBlock<Small, Small>(null!));
        Assert.Throws<ArgumentNullException>(() => SlabTransformBlock<Small, Small>.CreateAsync(null!));
        Assert.Throws<ArgumentNullException>(() => new SlabTransformBlock<Small>(null!));
        Assert.Throws<ArgumentNullException>(() => new SlabTransformManyBlock<Small, Small>(null!));
    }

    [Fact]
    public void Unmatched_Discarded_DoesNotHoldUpTheSource()
    {
        var block = new SlabBufferBlock<Small>(new DataflowBlockOptions { TaskScheduler = _pump });
        var even = new ProbeTarget<Lease<Small>>(_small);
        var discard = new Discard<Lease<Small>>();
        block.LinkTo(even, new DataflowLinkOptions(), lease => lease.Value.Number % 2 == 0);
        for (int i = 1; i <= 4; i++)
            Assert.True(Offer(block, i));
        _pump.Run();
        Assert.Empty(even.Received); // 1 waits, as with TPL's blocks

        block.Unmatched = discard;
        _pump.Run();

        Assert.Same(discard, block.Unmatched);
        Assert.Equal([2, 4], even.Received);
        Assert.Equal(2, discard.Count);
        block.Unmatched = null;
        Assert.True(Offer(block, 5));
        _pump.Run();
        Assert.Equal(1, block.Count);
    }

    [Fact]
    public async Task Discard_Ended_Declines()
    {
        var discard = new Discard<Lease<Small>>();
        discard.Complete();
        await discard.Completion.Guard();
        Lease<Small> lease = _small.Make(1);
        Assert.False(discard.Post(lease));
        lease.Dispose();

        var faulted = new Discard<Lease<Small>>();
        ((IDataflowBlock)faulted).Fault(new FormatException());
        await Assert.ThrowsAsync<FormatException>(() => faulted.Completion.Guard());
        Assert.Throws<ArgumentException>(() => ((ITargetBlock<Lease<Small>>)discard).OfferMessage(default, lease, null, false));
        Assert.Throws<ArgumentException>(() => ((ITargetBlock<Lease<Small>>)discard).OfferMessage(new DataflowMessageHeader(1), lease, null, true));
    }

    [Fact]
    public void Batch_Triggered_SendsWhatThereIs()
    {
        var block = new SlabBatchBlock<Small>(10, new SlabBatchOptions { TaskScheduler = _pump });
        block.TriggerBatch();
        _pump.Run();
        Assert.Equal(0, block.OutputCount);
        for (int i = 1; i <= 3; i++)
            Assert.True(Offer(block, i));
        _pump.Run();
        block.TriggerBatch();
        _pump.Run();

        AssertBatch(block, 1, 2, 3);
        Assert.Equal(10, block.BatchSize);
    }

    [Fact]
    public void Batch_OfBytes_IsSentWhenFull()
    {
        var block = new SlabBatchBlock<Small>(10, new SlabBatchOptions { MaxBytes = 17, TaskScheduler = _pump });
        for (int i = 1; i <= 5; i++)
            Assert.True(Offer(block, i));
        _pump.Run();
        AssertBatch(block, 1, 2);
        AssertBatch(block, 3, 4);
        block.Complete();
        _pump.Run();
        AssertBatch(block, 5);
    }

    [Fact]
    public void Batch_OldestWaitedLongEnough_IsSent()
    {
        var clock = new ManualTime();
        var block = new SlabBatchBlock<Small>(10, new SlabBatchOptions { MaxDelay = TimeSpan.FromSeconds(2), TimeProvider = clock, TaskScheduler = _pump });
        Assert.True(Offer(block, 1));
        _pump.Run();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Offer(block, 2));
        _pump.Run();
        Assert.Equal(0, block.OutputCount);
        clock.Advance(TimeSpan.FromSeconds(1));
        _pump.Run();

        AssertBatch(block, 1, 2);
    }

    [Fact]
    public void Batch_MostReached_TakesNoMore()
    {
        var block = new SlabBatchBlock<Small>(2, new SlabBatchOptions { MaxNumberOfGroups = 1, TaskScheduler = _pump });
        Assert.True(Offer(block, 1));
        Assert.True(Offer(block, 2));
        Assert.True(Offer(block, 3));
        _pump.Run();
        Assert.False(Offer(block, 4));
        AssertBatch(block, 1, 2);
    }

    [Fact]
    public void Batch_Disposed_IsNotHeld()
    {
        var block = new SlabBatchBlock<Small>(2, new SlabBatchOptions { TaskScheduler = _pump });
        Assert.True(Offer(block, 1));
        Assert.True(Offer(block, 2));
        _pump.Run();
        Assert.True(block.TryReceive(out OwnedLeaseBatch<Small> batch));
        Assert.Contains("2", batch.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => batch[2].Number);
        using (Lease<Small> kept = batch.Retain(1))
        {
            batch.Dispose();
            Assert.Equal(2, kept.Value.Number);
        }
        Assert.False(batch.IsHeld);
        Assert.Throws<LeaseException>(() => batch.Count);
        Assert.Throws<LeaseException>(batch.Dispose);
        Assert.Contains("not held", batch.ToString());
        Assert.Throws<LeaseException>(() => default(OwnedLeaseBatch<Small>).Count);
    }

    [Fact]
    public async Task Merge_CompletesWithTheLastOfItsSources()
    {
        var merged = new SlabMergeBlock<Small>(sources: 2);
        var propagate = new DataflowLinkOptions { PropagateCompletion = true };
        var (one, two) = (new SlabBufferBlock<Small>(), new SlabBufferBlock<Small>());
        one.LinkTo(merged, propagate);
        two.LinkTo(merged, propagate);
        var seen = new List<int>();
        var sink = new SlabActionBlock<Small>((ref readonly Small message) => seen.Add(message.Number));
        merged.LinkTo(sink, propagate);

        Assert.True(Offer(one, 1));
        one.Complete();
        await one.Completion.Guard();
        Assert.True(Offer(two, 2));
        two.Complete();
        await sink.Completion.Guard();

        Assert.Equal([1, 2], seen.Order());
        Assert.Equal(0, merged.OpenSources);
    }

    private bool Offer(ITargetBlock<Lease<Small>> block, int value)
    {
        Lease<Small> message = _small.Make(value);
        bool taken = block.Post(message);
        if (!taken)
            message.Dispose();
        return taken;
    }

    private static void AssertBatch(SlabBatchBlock<Small> block, params int[] expected)
    {
        Assert.True(SpinWait.SpinUntil(() => block.OutputCount > 0, TimeSpan.FromSeconds(30)));
        Assert.True(block.TryReceive(out OwnedLeaseBatch<Small> batch));
        using (batch)
            Assert.Equal(expected, Enumerable.Range(0, batch.Count).Select(i => batch[i].Number));
    }

    /// <summary>A clock that goes when it is told to.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private readonly List<ManualTimer> _timers = [];

        public TimeSpan Now { get; private set; }

        public void Advance(TimeSpan time)
        {
            Now += time;
            foreach (ManualTimer timer in _timers)
                timer.FireIfDue();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new ManualTimer(this, callback, state);
            timer.Change(dueTime, period);
            _timers.Add(timer);
            return timer;
        }

        private sealed class ManualTimer(ManualTime clock, TimerCallback callback, object? state) : ITimer
        {
            private TimeSpan? _due;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.Now + dueTime;
                return true;
            }

            public void FireIfDue()
            {
                if (_due is not { } due || due > clock.Now)
                    return;
                _due = null;
                callback(state);
            }

            public void Dispose() => _due = null;

            public ValueTask DisposeAsync() => default;
        }
    }
}

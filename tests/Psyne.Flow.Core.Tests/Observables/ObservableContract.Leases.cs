using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Observables;

// The leases that observers are given: loans, and retained ones with their budget.
public abstract partial class ObservableContract<T>
{
    [Fact]
    public async Task Loan_AfterOnNext_Throws()
    {
        using var source = Open();
        var kept = new List<Lease<T>>();
        var retained = new List<Lease<T>>();
        var observer = new Recorder<Lease<T>>(static lease => lease.Value.Number, lease =>
        {
            Assert.True(lease.IsHeld);
            kept.Add(lease);
            retained.Add(lease.Retain());
            if (kept.Count == 2)
                lease.Dispose(); // sooner than it had to
        });
        source.Loans.Subscribe(observer);

        source.Publish(1, 2, 3);
        source.Channel.Complete();

        Assert.Null(await observer.End.Guard());
        Assert.Equal([1, 2, 3], observer.Numbers);
        Assert.All(kept, static lease =>
        {
            Assert.False(lease.IsHeld);
            Assert.Throws<LeaseException>(() => lease.Value);
            Assert.Throws<LeaseException>(() => lease.Retain());
            Assert.Throws<LeaseException>(lease.Dispose);
        });
        Assert.Equal([1, 2, 3], retained.Select(static lease => lease.Value.Number));
        retained.ForEach(static lease => lease.Dispose());
        NothingHeld(source);
    }

    [Fact]
    public async Task Retained_Survive_UntilDisposed()
    {
        using var source = Open();
        var kept = new ConcurrentQueue<Lease<T>>();
        var observer = new Recorder<Lease<T>>(static lease => lease.Value.Number, kept.Enqueue);
        using var subscription = source.Retained().Subscribe(observer);

        source.Publish(1, 2, 3);
        source.Channel.Complete();
        Assert.Null(await observer.End.Guard());

        // The end of the source takes nothing away.
        Assert.Equal([1, 2, 3], kept.Select(static lease => lease.Value.Number));
        foreach (var lease in kept)
        {
            Assert.True(lease.IsHeld);
            lease.Dispose();
            Assert.False(lease.IsHeld);
            Assert.Throws<LeaseException>(() => lease.Value);
            Assert.Throws<LeaseException>(lease.Dispose);
        }
        NothingHeld(source);
    }

    [Fact]
    public void Retained_AtUnsubscribe_Return()
    {
        using var source = Open();
        var kept = new List<Lease<T>>();
        var observer = new Recorder<Lease<T>>(static lease => lease.Value.Number, kept.Add);
        var subscription = source.Retained().Subscribe(observer);
        source.Publish(1, 2, 3);
        observer.UntilSeen(3);
        Hang.Until(() => kept.Count == 3);
        var mine = kept[0].Retain();
        kept[1].Dispose();

        subscription.Dispose();

        Assert.Throws<LeaseException>(() => kept[0].Value);
        Assert.Throws<LeaseException>(() => kept[2].Retain());
        Assert.False(kept[2].IsHeld);
        kept[2].Dispose(); // its holder couldn't know
        Assert.Throws<LeaseException>(() => kept[2].Dispose());
        Assert.Throws<LeaseException>(() => kept[1].Dispose());
        Assert.Equal(1, mine.Value.Number);
        mine.Dispose();
        NothingHeld(source);
        subscription.Dispose();
    }

    [Fact]
    public async Task Retained_AfterTheEnd_OutliveTheSubscription()
    {
        using var source = Open();
        var kept = new ConcurrentQueue<Lease<T>>();
        var observer = new Recorder<Lease<T>>(static lease => lease.Value.Number, kept.Enqueue);
        var subscription = source.Retained().Subscribe(observer);
        source.Publish(1, 2);
        source.Channel.Complete();
        Assert.Null(await observer.End.Guard());

        subscription.Dispose();

        Assert.Equal([1, 2], kept.Select(static lease => lease.Value.Number));
        foreach (var lease in kept)
            lease.Dispose();
        NothingHeld(source);
    }

    [Fact]
    public void Retained_DroppedAfterTheEnd_ComeBackWhenCollected()
    {
        using var source = Open();
        Assert.SkipWhen(source is BlockSource<T> && !source.Channel.IsPooled, "small messages leave the channel for the block's own slab, whose leases the channel doesn't count");
        DropThree(source);

        Hang.Until(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return source.Held == 0;
        });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DropThree(ObservedSource<T> source)
    {
        var observer = new Recorder<Lease<T>>(static lease => lease.Value.Number);
        var subscription = source.Retained().Subscribe(observer);
        source.Publish(1, 2, 3);
        source.Channel.Complete();
        Hang.Until(() => observer.End.IsCompleted);
        Assert.Equal(3, source.Held);
        subscription.Dispose();
    }

    [Fact]
    public async Task Budget_Exhausted_HoldsThePumpUntilALeaseReturns()
    {
        using var source = Open();
        var kept = new ConcurrentQueue<Lease<T>>();
        var held = 0;
        var most = 0;
        var observer = new Recorder<Lease<T>>(static lease => lease.Value.Number, lease =>
        {
            most = Math.Max(most, Interlocked.Increment(ref held));
            kept.Enqueue(lease);
        });
        using var subscription = source.Retained(new RetainedOptions { ByteBudget = 2 * Unsafe.SizeOf<T>() }).Subscribe(observer);
        var (_, other) = source.Observe(Form.Value);

        for (var number = 0; number < 50; number++)
            source.Publish(number);
        source.Channel.Complete();
        for (var number = 0; number < 50; number++)
        {
            Lease<T> oldest = default;
            Hang.Until(() => kept.TryDequeue(out oldest));
            Assert.Equal(number, oldest.Value.Number);
            Interlocked.Decrement(ref held);
            oldest.Dispose();
        }

        Assert.Null(await observer.End.Guard());
        Assert.InRange(most, 1, 2);
        await other.HasSeen(Enumerable.Range(0, 50));
        NothingHeld(source);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Budget_ExhaustedForTooLong_FailsTheObserver(int milliseconds)
    {
        using var source = Open();
        var kept = new List<Lease<T>>();
        var observer = new Recorder<Lease<T>>(static lease => lease.Value.Number, kept.Add);
        var options = new RetainedOptions { ByteBudget = 3 * Unsafe.SizeOf<T>(), ReturnTimeout = TimeSpan.FromMilliseconds(milliseconds) };
        source.Retained(options).Subscribe(observer);
        var (_, other) = source.Observe(Form.Value);

        source.Publish(1, 2, 3, 4, 5);
        source.Channel.Complete();

        Assert.IsType<LeaseBudgetException>(await observer.End.Guard());
        await other.HasSeen([1, 2, 3, 4, 5]);
        Assert.Equal([1, 2, 3], observer.Numbers);
        Assert.All(kept, static lease => Assert.False(lease.IsHeld));
        NothingHeld(source);
    }

    [Fact]
    public async Task Budget_ObserverLeavesWhileThePumpWaits_TheOthersGoOn()
    {
        using var source = Open();
        var observer = new Recorder<Lease<T>>(static lease => lease.Value.Number);
        var subscription = source.Retained(new RetainedOptions { ByteBudget = 1 }).Subscribe(observer);
        var (_, other) = source.Observe(Form.Value);
        source.Publish(1, 2, 3);
        source.Channel.Complete();
        other.UntilSeen(1);

        subscription.Dispose();

        await other.HasSeen([1, 2, 3]);
        Assert.Equal([1], observer.Numbers);
        NothingHeld(source);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetainedOptions { ByteBudget = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetainedOptions { ReturnTimeout = TimeSpan.FromDays(-2) });
    }
}

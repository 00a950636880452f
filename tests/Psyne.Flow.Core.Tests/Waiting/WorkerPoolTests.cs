using System.Collections.Concurrent;
using Psyne.Flow.Waiting;
using Xunit;

namespace Psyne.Flow.Tests.Waiting;

[Collection("alone")] // measures what the whole process allocates
public sealed class WorkerPoolTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static TimeSpan Patience => TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Queue_FourProducers_RunsEveryItemExactlyOnce(int workers)
    {
        const int PerProducer = 20_000;
        var runs = new int[4 * PerProducer];
        await using (var pool = new WorkerPool(new WorkerPoolOptions { Workers = workers }))
        {
            var producers = Enumerable.Range(0, 4).Select(producer => new Thread(() =>
            {
                for (var i = 0; i < PerProducer; i++)
                {
                    var index = producer * PerProducer + i;
                    pool.Queue(new Item(() => Interlocked.Increment(ref runs[index])));
                    if (i % 1000 == 0)
                    {
                        SpinWait.SpinUntil(() => pool.ItemsQueued == 0); // lets the workers park
                    }
                }
            })).ToArray();
            Array.ForEach(producers, thread => thread.Start());
            Array.ForEach(producers, thread => thread.Join());
            await pool.DisposeAsync();
            Assert.Equal(runs.Length, pool.ItemsExecuted);
            Assert.Equal(0, pool.ItemsQueued);
        }

        Assert.All(runs, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Queue_OneItemAtATime_NeverLosesAWake()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Workers = 3 });
        using var done = new SemaphoreSlim(0);
        var item = new Item(() => done.Release());
        for (var i = 0; i < 20_000; i++)
        {
            pool.Queue(item);
            if (i % 3 == 0)
            {
                pool.Queue(item);
                Assert.True(await done.WaitAsync(Patience, Token), $"Item {i} never ran: {pool}");
            }

            Assert.True(await done.WaitAsync(Patience, Token), $"Item {i} never ran: {pool}");
        }
    }

    [Fact]
    public async Task Queue_ItemsThatWaitForEachOther_AllGetAWorker()
    {
        // Each round needs all workers at once: a wake that went to a busy worker must have been passed on.
        const int Workers = 4;
        await using var pool = new WorkerPool(new WorkerPoolOptions { Workers = Workers });
        for (var round = 0; round < 2000; round++)
        {
            using var all = new Barrier(Workers + 1);
            var failed = 0;
            var item = new Item(() => failed += all.SignalAndWait(Patience) ? 0 : 1);
            for (var i = 0; i < Workers; i++)
            {
                pool.Queue(item);
            }

            Assert.True(all.SignalAndWait(Patience, Token), $"Round {round}: {pool}");
            Assert.Equal(0, failed);
        }
    }

    [Fact]
    public async Task Queue_OneWorkerBlocked_OthersStealItsItems()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Workers = 2 });
        using var block = new ManualResetEventSlim();
        using var ran = new CountdownEvent(100);
        pool.Queue(new Item(() =>
        {
            // From a worker, so all into its own queue: only stealing can run them.
            for (var i = 0; i < 100; i++)
            {
                pool.Queue(new Item(() => ran.Signal()));
            }

            block.Wait(Patience);
        }));

        Assert.True(ran.Wait(Patience, Token));
        Assert.True(pool.ItemsStolen >= 100, pool.ToString());
        block.Set();
    }

    [Fact]
    public async Task Threads_HaveNamesAndAreBackground()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Name = "decode", Workers = 2 });
        Assert.Equal(("decode", 2), (pool.Name, pool.Workers));
        var names = new ConcurrentBag<string?>();
        using var both = new Barrier(3);
        for (var i = 0; i < 2; i++)
        {
            pool.Queue(new Item(() =>
            {
                names.Add(Thread.CurrentThread.Name);
                Assert.True(Thread.CurrentThread.IsBackground);
                both.SignalAndWait(Patience);
            }));
        }

        both.SignalAndWait(Patience, Token);
        Assert.Equal(["decode/0", "decode/1"], names.Order());
        Assert.Equal(0, pool.ItemsFailed);
        Assert.Contains("WorkerPool decode (2 workers", pool.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cores_OnLinux_AreReallySet()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Affinity can be set on Linux only.");
        var allowed = CoreAffinity.Read();
        Assert.NotEmpty(allowed);
        int[] cores = [allowed[^1], allowed[0]];
        await using var pool = new WorkerPool(new WorkerPoolOptions { Cores = cores });
        Assert.Equal(2, pool.Workers);
        Assert.True(pool.AffinityApplied);

        var seen = new ConcurrentDictionary<string, int[]>();
        using var both = new Barrier(3);
        for (var i = 0; i < 2; i++)
        {
            pool.Queue(new Item(() =>
            {
                seen[Thread.CurrentThread.Name!] = CoreAffinity.Read();
                both.SignalAndWait(Patience);
            }));
        }

        both.SignalAndWait(Patience, Token);
        Assert.Equal([cores[0]], seen["psyne/0"]);
        Assert.Equal([cores[1]], seen["psyne/1"]);
        Assert.Equal(allowed, CoreAffinity.Read());
    }

    [Fact]
    public async Task Cores_NoneOrMissing_AreReportedAsNotApplied()
    {
        await using var free = new WorkerPool(new WorkerPoolOptions { Workers = 1 });
        Assert.False(free.AffinityApplied);
        await using var missing = new WorkerPool(new WorkerPoolOptions { Cores = [WorkerPoolOptions.MaxCore] });
        Assert.False(missing.AffinityApplied);
        Assert.Equal(7, await Task.Factory.StartNew(() => 7, Token, TaskCreationOptions.None, missing.Scheduler));
    }

    [Fact]
    public async Task Item_Throws_IsReportedAndThePoolGoesOn()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Workers = 1 });
        var failures = new List<WorkItemFailedEventArgs>();
        pool.WorkItemFailed += (_, failure) =>
        {
            failures.Add(failure);
            throw new InvalidOperationException("The handler fails, too.");
        };
        var bad = new Item(() => throw new FormatException("bad item"));
        pool.Queue(bad);
        pool.Queue(bad);
        var thread = await Task.Factory.StartNew(() => Thread.CurrentThread.Name, Token, TaskCreationOptions.None, pool.Scheduler);

        Assert.Equal("psyne/0", thread);
        Assert.Equal(2, pool.ItemsFailed);
        Assert.Equal(2, failures.Count);
        Assert.Same(bad, failures[0].Item);
        Assert.Equal("bad item", failures[0].Exception.Message);
    }

    [Fact]
    public async Task Item_SetsAsyncLocal_NextItemDoesNotSeeIt()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Workers = 1 });
        var local = new AsyncLocal<int> { Value = 1 };
        var seen = new List<int>();
        using var done = new CountdownEvent(2);
        var item = new Item(() =>
        {
            seen.Add(local.Value);
            local.Value = 2;
            done.Signal();
        });
        pool.Queue(item);
        pool.Queue(item);

        Assert.True(done.Wait(Patience, Token));
        Assert.Equal([0, 0], seen);
    }

    [Fact]
    public async Task Dispose_ItemsQueued_RunsThemAndTheirChildrenFirst()
    {
        for (var round = 0; round < 200; round++)
        {
            var pool = new WorkerPool(new WorkerPoolOptions { Workers = 1 + round % 3 });
            var ran = 0;
            for (var i = 0; i < 20; i++)
            {
                pool.Queue(new Item(() =>
                {
                    pool.Queue(new Item(() => Interlocked.Increment(ref ran)));
                    Interlocked.Increment(ref ran);
                }));
            }

            await pool.DisposeAsync();
            await pool.DisposeAsync();
            Assert.Equal(40, ran);
            Assert.Throws<ObjectDisposedException>(() => pool.Queue(new Item(() => { })));
        }
    }

    [Fact]
    public async Task Dispose_ChildNeedsAnotherWorker_StillDrains()
    {
        for (var round = 0; round < 200; round++)
        {
            var pool = new WorkerPool(new WorkerPoolOptions { Workers = 2 });
            using var child = new ManualResetEventSlim();
            var waited = false;
            pool.Queue(new Item(() =>
            {
                Thread.Yield();
                pool.Queue(new Item(child.Set));
                waited = child.Wait(Patience);
            }));
            await pool.DisposeAsync();
            Assert.True(waited);
        }
    }

    [Fact]
    public async Task Dispose_ProducersRacing_EveryAcceptedItemRuns()
    {
        for (var round = 0; round < 300; round++)
        {
            var pool = new WorkerPool(new WorkerPoolOptions { Workers = 2 });
            var accepted = 0;
            var ran = 0;
            var item = new Item(() => Interlocked.Increment(ref ran));
            var producers = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
            {
                try
                {
                    while (true)
                    {
                        pool.Queue(item);
                        Interlocked.Increment(ref accepted);
                    }
                }
                catch (ObjectDisposedException)
                {
                }
            })).ToArray();
            Array.ForEach(producers, thread => thread.Start());
            await pool.DisposeAsync();
            Array.ForEach(producers, thread => thread.Join());
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref ran) == accepted, Patience), $"{ran} of {accepted} ran.");
        }
    }

    [Fact]
    public async Task Queue_SteadyState_AllocatesNothing()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Workers = 2 });
        using var done = new ManualResetEventSlim();
        var left = 0;
        var item = new Item(() =>
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                done.Set();
            }
        });
        const int Items = 50_000;
        var best = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            done.Reset();
            left = Items;
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Items; i++)
            {
                pool.Queue(item);
            }

            Assert.True(done.Wait(Patience, Token));
            best = Math.Min(best, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        // The whole process is measured: a few bytes of the test runner's own threads are let pass.
        Assert.True(best < 4096, $"{(double)best / Items} bytes an item.");
    }

    [Fact]
    public void Options_Bad_NameValueAndBound()
    {
        var options = new WorkerPoolOptions();
        Assert.InRange(options.Workers, 1, 1024);
        var workers = Assert.Throws<ArgumentOutOfRangeException>(() => options.Workers = 0);
        Assert.Contains("1 to 1024 workers; 0", workers.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.Workers = 1025);
        var core = Assert.Throws<ArgumentOutOfRangeException>(() => options.Cores = [0, -1]);
        Assert.Contains("between 0 and 1023; -1", core.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.Cores = [1024]);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.Cores = new int[1025]);
        Assert.Throws<ArgumentNullException>(() => options.Cores = null!);
        Assert.Throws<ArgumentException>(() => options.Name = " ");
        Assert.Throws<ArgumentNullException>(() => options.Name = null!);
        Assert.Empty(options.Cores);
        Assert.Throws<ArgumentNullException>(() => new WorkerPool(null!));
    }

    [Fact]
    public async Task Queue_Null_IsRefused()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Workers = 1 });
        Assert.Throws<ArgumentNullException>(() => pool.Queue(null!));
    }

    private sealed class Item(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}

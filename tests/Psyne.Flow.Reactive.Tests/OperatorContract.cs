using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Runtime.CompilerServices;

namespace Psyne.Flow.Reactive.Tests;

/// <summary>
/// System.Reactive's operators over messages in one form. What an operator hands on within OnNext can be read in every
/// form; what it keeps for later can be read unless the form is the lease that ends with OnNext: that throws, and here
/// reads as <see cref="Ended"/>.
/// </summary>
public abstract class OperatorContract<TMessage>
{
    private const long Ended = -1;

    private readonly HistoricalScheduler _clock = new();

    private protected abstract IObservable<TMessage> Observe(SlabReader<long> reader);

    /// <summary>Whether a message can be read after OnNext.</summary>
    private protected abstract bool Lasts { get; }

    private protected abstract long Read(TMessage message);

    /// <summary>Gives a message back that was read.</summary>
    private protected abstract void Free(TMessage message);

    private long Use(TMessage message)
    {
        var number = Read(message);
        Free(message);
        return number;
    }

    private long UseKept(TMessage message)
    {
        try
        {
            return Use(message);
        }
        catch (LeaseException)
        {
            return Ended;
        }
    }

    private long Kept(long number) => Lasts ? number : Ended;

    private long[] AllKept(params long[] numbers) => [.. numbers.Select(Kept)];

    /// <summary>Runs a query to the end of its source, whose messages come at seconds 1, 2, 3 and so on.</summary>
    private List<TResult> Results<TResult>(Func<IObservable<TMessage>, IObservable<TResult>> query, params long[] numbers)
    {
        using var feed = new Feed(collects: true);
        return Run(feed, query, numbers);
    }

    /// <summary>On a frame of its own: once it has returned nothing here keeps what an operator dropped.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<TResult> Run<TResult>(Feed feed, Func<IObservable<TMessage>, IObservable<TResult>> query, long[] numbers)
    {
        var results = new ConcurrentQueue<TResult>();
        var completions = 0;
        using (query(Observe(feed.Reader)).Subscribe(results.Enqueue, () => Interlocked.Increment(ref completions)))
        {
            feed.Follow();
            foreach (var number in numbers)
            {
                _clock.AdvanceBy(TimeSpan.FromSeconds(1));
                feed.Send(number);
            }
            feed.End();
            _clock.AdvanceBy(TimeSpan.FromMinutes(1));
            Wait.Until(() => Volatile.Read(ref completions) == 1);
        }
        return [.. results];
    }

    /// <summary>What was gathered is still good on another thread, although Buffer unsubscribes at the end of its source.</summary>
    [Fact]
    public void Buffer_ThenObserveOn_AtTheEnd_HasWhatLasts() =>
        Assert.Equal(AllKept(1, 2, 3), Results(source => source.Buffer(2).ObserveOn(_clock).SelectMany(list => list.Select(UseKept)), 1, 2, 3));

    [Fact]
    public void Window_ByCount_ReadInside_HasAll() =>
        Assert.Equal([6, 15, 7], Results(source => source.Window(3).SelectMany(window => window.Select(Use).Sum()), 1, 2, 3, 4, 5, 6, 7));

    [Fact]
    public void Window_ByTime_ReadInside_HasAll() =>
        Assert.Equal([1 + 2, 3 + 4, 5], Results(source => source.Window(TimeSpan.FromSeconds(2.5), _clock).Take(3)
            .SelectMany(window => window.Select(Use).Sum()), 1, 2, 3, 4, 5));

    /// <summary>The message that fills a window or a buffer is still in its OnNext when that is handed on.</summary>
    [Fact]
    public void Window_Gathered_HasWhatLasts() =>
        Assert.Equal([[Kept(1), 2], [Kept(3)]], Results(source => source.Window(2)
            .SelectMany(window => window.ToList().Select(list => list.Select(UseKept).ToArray())), 1, 2, 3));

    [Fact]
    public void Buffer_ByCount_HasWhatLasts() =>
        Assert.Equal([[Kept(1), 2], [Kept(3), 4], [Kept(5)]], Results(source => source.Buffer(2).Select(list => list.Select(UseKept).ToArray()), 1, 2, 3, 4, 5));

    [Fact]
    public void Buffer_ByTime_HasWhatLasts() =>
        Assert.Equal([AllKept(1, 2), AllKept(3, 4)], Results(source => source.Buffer(TimeSpan.FromSeconds(2.5), _clock).Take(2)
            .Select(list => list.Select(UseKept).ToArray()), 1, 2, 3, 4, 5));

    [Fact]
    public void GroupBy_ReadInside_HasAll() =>
        Assert.Equal([(1, 1), (0, 2), (1, 3), (0, 4)], Results(source => source.GroupBy(message => Read(message) % 2)
            .SelectMany(group => group.Select(message => (group.Key, Use(message)))), 1, 2, 3, 4));

    [Fact]
    public void GroupBy_Gathered_HasWhatLasts() =>
        Assert.Equal([AllKept(1, 3), AllKept(2, 4)], Results(source => source.GroupBy(message => Read(message) % 2)
            .SelectMany(group => group.ToList().Select(list => list.Select(UseKept).ToArray())), 1, 2, 3, 4));

    [Fact]
    public void Sample_AtTicks_HasWhatLasts() =>
        Assert.Equal(AllKept(2, 4), Results(source => source.Sample(TimeSpan.FromSeconds(2.5), _clock).Take(2).Select(UseKept), 1, 2, 3, 4, 5));

    [Fact]
    public void Throttle_AfterSilence_HasWhatLasts() =>
        Assert.Equal(AllKept(3), Results(source => source.Throttle(TimeSpan.FromSeconds(1.5), _clock).Select(UseKept), 1, 2, 3));

    [Fact]
    public void Throttle_WithGaps_HasWhatLasts() =>
        Assert.Equal(AllKept(1, 2, 3), Results(source => source.Throttle(TimeSpan.FromSeconds(0.5), _clock).Select(UseKept), 1, 2, 3));

    [Fact]
    public void ObserveOn_AnotherScheduler_HasWhatLasts() =>
        Assert.Equal(AllKept(1, 2, 3), Results(source => source.ObserveOn(_clock).Select(UseKept), 1, 2, 3));

    [Fact]
    public void ObserveOn_AThread_HasWhatLasts()
    {
        using var feed = new Feed();
        using var thread = new EventLoopScheduler();
        using var goOn = new ManualResetEventSlim();
        var seen = new ConcurrentQueue<long>();
        thread.Schedule(goOn.Wait); // until every OnNext of the source has returned
        using (Observe(feed.Reader).ObserveOn(thread).Select(UseKept).Subscribe(seen.Enqueue))
        {
            feed.Follow();
            feed.Send(1, 2, 3);
            goOn.Set();
            Wait.Until(() => seen.Count == 3);
        }

        Assert.Equal(AllKept(1, 2, 3), seen);
    }

    [Fact]
    public void Join_OverTwoSources_HasWhatLastsOfTheFirst()
    {
        using var left = new Feed();
        using var right = new Feed();
        var pairs = new ConcurrentQueue<(long Left, long Right)>();
        using (Observe(left.Reader).Join(
            Observe(right.Reader),
            _ => Observable.Timer(TimeSpan.FromSeconds(10), _clock),
            _ => Observable.Empty<int>(),
            (first, second) => (KeptLeft(first), Read(second))).Subscribe(pairs.Enqueue))
        {
            left.Follow();
            right.Follow();
            left.Send(1);
            right.Send(11); // within ten seconds of 1
            left.Send(2);
            right.Send(12); // and of 2
            _clock.AdvanceBy(TimeSpan.FromSeconds(11));
            right.Send(13); // of none
            left.Send(3);
            right.Send(14);
        }

        Assert.Equal([(Kept(1), 11), (Kept(1), 12), (Kept(2), 12), (Kept(3), 14)], pairs);
        // A message joins any number of others, so none is given back with a pair: the unsubscribe returns them.
        long KeptLeft(TMessage message)
        {
            try
            {
                return Read(message);
            }
            catch (LeaseException)
            {
                return Ended;
            }
        }
    }

    [Fact]
    public void Take_LeavesTheRest()
    {
        using var feed = new Feed();
        var taken = new ConcurrentQueue<long>();
        feed.SendUnseen(1, 2, 3, 4);
        using (Observe(feed.Reader).Take(2).Select(Use).Subscribe(taken.Enqueue))
            Wait.Until(() => taken.Count == 2);
        Wait.Until(() => feed.Held == 0);

        Assert.Equal(2, feed.Reader.Count);
    }

    [Fact]
    public void Fault_ThroughOperators_ComesAfterWhatWasBefore()
    {
        using var feed = new Feed();
        var fault = new InvalidDataException("torn");
        var seen = new ConcurrentQueue<object>();
        using (Observe(feed.Reader).Window(2).SelectMany(window => window.Select(Use)).Subscribe(number => seen.Enqueue(number), seen.Enqueue))
        {
            feed.Follow();
            feed.Send(1, 2, 3);
            feed.End(fault);
        }

        Assert.Equal([1L, 2L, 3L, fault], seen);
    }

    [Fact]
    public void Publish_ToTwo_BothSeeEveryMessage()
    {
        var both = Results(source => source.Select(Use).Publish(shared => shared.Merge(shared.Select(number => 10 * number))), 1, 2);

        Assert.Equal([1, 10, 2, 20], both);
    }
}

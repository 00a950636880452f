using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Psyne.Flow.Reactive.Tests;

/// <summary>
/// The operators that know about leases, over leases that nothing but the operator returns: at the end of a test the feed
/// sees to it that none is held.
/// </summary>
public sealed class LeaseObservableTests
{
    private readonly HistoricalScheduler _clock = new();
    private readonly ConcurrentQueue<long> _seen = new();
    private readonly InvalidDataException _fault = new("torn");

    private void See(Lease<long> lease)
    {
        using (lease)
            _seen.Enqueue(lease.Value);
    }

    [Fact]
    public void SelectCopy_YieldsValues_AndReturnsLeases()
    {
        using var feed = new Feed();
        using var copies = feed.Owned.SelectCopy().Subscribe(_seen.Enqueue);
        using var results = feed.Owned.SelectCopy(static (ref readonly long number) => 10 * number).Subscribe(_seen.Enqueue);
        using var loans = feed.Reader.AsLeaseObservable().SelectCopy().Subscribe(_seen.Enqueue);
        feed.Follow();

        feed.Send(1, 2);

        Assert.Equal([1, 10, 1, 2, 20, 2], _seen);
        Assert.Equal(0, feed.Held);
    }

    [Fact]
    public void SelectCopy_SelectorThrows_EndsWithTheError()
    {
        using var feed = new Feed();
        var error = default(Exception);
        using var subscription = feed.Owned.SelectCopy<long, long>((ref readonly long _) => throw _fault).Subscribe(_seen.Enqueue, thrown => error = thrown);
        feed.Follow();

        feed.Send(1, 2);

        Assert.Same(_fault, error);
        Assert.Empty(_seen);
    }

    [Fact]
    public void WhereLease_ReturnsWhatDoesntMatch()
    {
        using var feed = new Feed();
        using var subscription = feed.Owned.WhereLease(static (ref readonly long number) => number % 2 == 0).Subscribe(See);
        using var failing = feed.Owned.WhereLease((ref readonly long _) => throw _fault).Subscribe(See, static _ => { });
        feed.Follow();

        feed.Send(1, 2, 3, 4);

        Assert.Equal([2, 4], _seen);
        Assert.Equal(0, feed.Held);
    }

    [Fact]
    public void ForEachLease_ReturnsEach_AndTellsTheEnd()
    {
        using var feed = new Feed();
        var ends = new List<string>();
        using var first = feed.Owned.ForEachLease((ref readonly long number) => _seen.Enqueue(number), completed: () => ends.Add("completed"));
        using var second = feed.Owned.ForEachLease(static (ref readonly long _) => throw new InvalidOperationException(), error => ends.Add(error.Message));
        using var third = feed.Owned.ForEachLease(static (ref readonly long _) => { }, error => ends.Add(error.Message));
        feed.Follow();

        feed.Send(1, 2);
        Assert.Equal(0, feed.Held);
        feed.End();

        Assert.Equal([1, 2], _seen);
        Assert.Equal(["completed"], ends);
    }

    [Fact]
    public void ForEachLease_Fault_IsTold()
    {
        using var feed = new Feed();
        var error = default(Exception);
        using var subscription = feed.Owned.ForEachLease((ref readonly long number) => _seen.Enqueue(number), thrown => error = thrown);
        feed.Follow();

        feed.Send(1);
        feed.End(_fault);

        Assert.Same(_fault, error);
    }

    [Fact]
    public void BufferRetained_YieldsBuffers_TheLastShorter()
    {
        using var feed = new Feed();
        var buffers = new ConcurrentQueue<LeaseBuffer<long>>();
        using var subscription = feed.Owned.BufferRetained(2).Subscribe(buffers.Enqueue);
        feed.Follow();

        feed.Send(1, 2, 3);
        Assert.Equal("2 leases", Assert.Single(buffers).ToString());
        feed.End();

        Assert.Equal([[1, 2], [3]], buffers.Select(static buffer => buffer.Select(static lease => lease.Value)));
        Assert.Equal(3, feed.Held);
        foreach (var buffer in buffers)
        {
            buffer[0].Dispose(); // the holder may do so
            buffer.Dispose();
            buffer.Dispose();
        }
    }

    [Fact]
    public void BufferRetained_OnAnotherScheduler_OutlivesTheEnd()
    {
        using var feed = new Feed();
        using var subscription = feed.Reader.AsRetainedObservable().BufferRetained(2).ObserveOn(_clock).Subscribe(buffer =>
        {
            using (buffer)
                foreach (var lease in buffer)
                    _seen.Enqueue(lease.Value);
        });
        feed.Follow();
        feed.Send(1, 2, 3);
        feed.End();
        Assert.Equal(3, feed.Held);

        _clock.AdvanceBy(TimeSpan.FromSeconds(1));

        Assert.Equal([1, 2, 3], _seen);
        Assert.Equal(0, feed.Held);
    }

    [Fact]
    public void BufferRetained_FaultOrUnsubscribe_ReturnsWhatWasGathered()
    {
        using var feed = new Feed();
        var error = default(Exception);
        using var failing = feed.Owned.BufferRetained(9).Subscribe(static _ => { }, thrown => error = thrown);
        var leaving = feed.Owned.BufferRetained(9).Subscribe(static _ => { });
        feed.Follow();

        feed.Send(1, 2);
        Assert.Equal(4, feed.Held);
        leaving.Dispose();
        Assert.Equal(2, feed.Held);
        feed.End(_fault);

        Assert.Same(_fault, error);
        Assert.Equal(0, feed.Held);
    }

    [Fact]
    public void BufferRetained_UnsubscribeDuringOnNext_DoesntWait()
    {
        using var feed = new Feed();
        using var inside = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var subscription = feed.Owned.BufferRetained(1).Subscribe(buffer =>
        {
            inside.Set();
            goOn.Wait();
            buffer.Dispose();
        });
        feed.SendUnseen(1);
        inside.Wait();

        subscription.Dispose();

        Assert.False(goOn.IsSet);
        goOn.Set();
    }

    [Fact]
    public void WindowRetained_GatheredInside_IsReadAtItsEnd()
    {
        using var feed = new Feed();
        using var subscription = feed.Owned.WindowRetained(2)
            .SelectMany(static window => window.ToList().Select(static leases => leases.Sum(static lease => lease.Value)))
            .Subscribe(_seen.Enqueue);
        feed.Follow();

        feed.Send(1, 2, 3);
        Assert.Equal(1, feed.Held);
        feed.End();

        Assert.Equal([3, 3], _seen);
        Assert.Equal(0, feed.Held);
    }

    [Fact]
    public void WindowRetained_FaultOrUnsubscribe_ReturnsTheOpenWindow()
    {
        using var feed = new Feed();
        var errors = new List<Exception>();
        using var failing = feed.Owned.WindowRetained(9)
            .Subscribe(window => window.Subscribe(See, errors.Add), errors.Add); // See disposes, which it may
        var leaving = feed.Owned.WindowRetained(9).Subscribe(static _ => { });
        feed.Follow();

        feed.Send(1, 2);
        Assert.Equal(2, feed.Held);
        leaving.Dispose();
        Assert.Equal(0, feed.Held);
        feed.End(_fault);

        Assert.Equal([_fault, _fault], errors);
        Assert.Equal([1, 2], _seen);
    }

    [Fact]
    public void WindowRetained_UnsubscribeInOnNext_ReturnsTheWindow()
    {
        using var feed = new Feed();
        using var subscription = feed.Owned.WindowRetained(9).Take(1).Subscribe(static _ => { });
        feed.Follow();

        feed.Send(1, 2);

        Assert.Equal(0, feed.Held);
    }

    [Fact]
    public void SampleRetained_ReturnsWhatIsOvertaken()
    {
        using var feed = new Feed();
        using var subscription = feed.Owned.SampleRetained(TimeSpan.FromSeconds(1), _clock).Subscribe(See);
        feed.Follow();

        feed.Send(1, 2, 3);
        Assert.Equal(1, feed.Held);
        _clock.AdvanceBy(TimeSpan.FromSeconds(2)); // one tick with a message, one without
        feed.Send(4, 5);
        feed.End();

        Assert.Equal([3, 5], _seen);
        Assert.Equal(0, feed.Held);
    }

    [Fact]
    public void ThrottleRetained_ReturnsWhatIsOvertaken()
    {
        using var feed = new Feed();
        using var subscription = feed.Owned.ThrottleRetained(TimeSpan.FromSeconds(1), _clock).Subscribe(See);
        feed.Follow();

        feed.Send(1);
        _clock.AdvanceBy(TimeSpan.FromSeconds(0.9));
        feed.Send(2);
        _clock.AdvanceBy(TimeSpan.FromSeconds(0.9));
        Assert.Empty(_seen);
        Assert.Equal(1, feed.Held);
        _clock.AdvanceBy(TimeSpan.FromSeconds(0.2));
        Assert.Equal([2], _seen);
        feed.Send(3);
        feed.End();

        Assert.Equal([2, 3], _seen);
        Assert.Equal(0, feed.Held);
    }

    [Fact]
    public void TimedOperators_FaultOrUnsubscribe_ReturnWhatTheyHold()
    {
        using var feed = new Feed();
        var errors = 0;
        using var failing = feed.Owned.SampleRetained(TimeSpan.FromSeconds(1), _clock).Subscribe(See, _ => errors++);
        using var failing2 = feed.Owned.ThrottleRetained(TimeSpan.FromSeconds(1), _clock).Subscribe(See, _ => errors++);
        var leaving = feed.Owned.SampleRetained(TimeSpan.FromSeconds(1)).Subscribe(See);
        var leaving2 = feed.Owned.ThrottleRetained(TimeSpan.FromDays(1)).Subscribe(static lease => lease.Dispose());
        feed.Follow();

        feed.Send(1);
        leaving.Dispose();
        leaving2.Dispose();
        Wait.Until(() => feed.Held == 2);
        feed.End(_fault);
        _clock.AdvanceBy(TimeSpan.FromSeconds(5));

        Assert.Equal(2, errors);
        Assert.Equal(0, feed.Held);
    }

    [Fact]
    public void ObserveOnRetained_ReturnsEachAfterOnNext()
    {
        using var feed = new Feed();
        using var subscription = feed.Reader.AsRetainedObservable().ObserveOnRetained(_clock).Subscribe(lease =>
        {
            _seen.Enqueue(lease.Value);
            if (lease.Value == 2)
                lease.Dispose();
        });
        feed.Follow();

        feed.Send(1, 2, 3);
        Assert.Equal(3, feed.Held);
        _clock.AdvanceBy(TimeSpan.FromSeconds(1));
        Assert.Equal([1, 2, 3], _seen);
        Assert.Equal(0, feed.Held);

        feed.Send(4);
        subscription.Dispose(); // with one on its way
        _clock.AdvanceBy(TimeSpan.FromSeconds(1));
        Assert.Equal(3, _seen.Count);
        Assert.Equal(0, feed.Held);
    }

    [Fact]
    public void Operators_BadArguments_AreRefused()
    {
        IObservable<Lease<long>> none = null!;
        var some = Observable.Empty<Lease<long>>();

        Assert.Throws<ArgumentNullException>("source", () => none.SelectCopy());
        Assert.Throws<ArgumentNullException>("select", () => some.SelectCopy<long, long>(null!));
        Assert.Throws<ArgumentNullException>("source", () => none.WhereLease(static (ref readonly long _) => true));
        Assert.Throws<ArgumentNullException>("matches", () => some.WhereLease(null!));
        Assert.Throws<ArgumentNullException>("source", () => none.ForEachLease(static (ref readonly long _) => { }));
        Assert.Throws<ArgumentNullException>("handle", () => some.ForEachLease(null!));
        Assert.Throws<ArgumentNullException>("source", () => none.BufferRetained(1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => some.BufferRetained(0));
        Assert.Throws<ArgumentNullException>("source", () => none.WindowRetained(1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => some.WindowRetained(0));
        Assert.Throws<ArgumentNullException>("source", () => none.SampleRetained(TimeSpan.Zero));
        Assert.Throws<ArgumentNullException>("source", () => none.ThrottleRetained(TimeSpan.Zero));
        Assert.Throws<ArgumentNullException>("source", () => none.ObserveOnRetained(_clock));
        Assert.Throws<ArgumentNullException>("scheduler", () => some.ObserveOnRetained(null!));
    }
}

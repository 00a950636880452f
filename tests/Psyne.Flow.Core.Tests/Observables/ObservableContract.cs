using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Observables;

/// <summary>What observers are promised, whatever they observe and in whatever form.</summary>
public abstract partial class ObservableContract<T> where T : unmanaged, INumbered<T>
{
    private protected static SlabChannelOptions Options => new() { Capacity = 128 };

    public static TheoryData<Form> Forms => [.. Enum.GetValues<Form>()];

    private protected abstract ObservedSource<T> Open();

    private static void NothingHeld(ObservedSource<T> source) => Hang.Until(() => source.Held == 0);

    [Fact]
    public async Task Observers_OfAllForms_SeeEveryMessageInOrder()
    {
        using var source = Open();
        var observed = Enum.GetValues<Form>().Concat(Enum.GetValues<Form>()).Select(form => source.Observe(form).Seen).ToArray();

        for (var number = 0; number < 1000; number++)
            source.Publish(number);
        source.Channel.Complete();

        foreach (var seen in observed)
            await seen.HasSeen(Enumerable.Range(0, 1000));
        NothingHeld(source);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Fault_Comes_AfterTheMessagesBeforeIt(Form form)
    {
        using var source = Open();
        var fault = new InvalidDataException("sensor 3 is broken");
        source.Publish(1, 2);
        source.Channel.Complete(fault);

        var (_, seen) = source.Observe(form);

        await seen.HasSeen([1, 2], fault);
        var (_, late) = source.Observe(form);
        await late.HasSeen([], fault);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Cancellation_AsAFault_IsCarriedAcross(Form form)
    {
        using var source = Open();
        var (_, seen) = source.Observe(form);
        var fault = new OperationCanceledException("the producer was cancelled");

        source.Channel.Complete(fault);

        await seen.HasSeen([], fault);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Unsubscribe_InOnNext_LeavesTheRest(Form form)
    {
        using var source = Open();
        IDisposable? subscription = null;
        source.Publish(1, 2, 3, 4, 5);
        using var started = new ManualResetEventSlim();
        (subscription, var first) = source.Observe(form, number =>
        {
            started.Wait();
            if (number == 2)
                subscription!.Dispose();
        });
        started.Set();
        Hang.Until(() => source.Waiting == 3 && source.Held == (source is BlockSource<T> && source.Channel.IsPooled ? 3 : 0));

        var (_, second) = source.Observe(form);
        source.Channel.Complete();

        await second.HasSeen([3, 4, 5]);
        Assert.Equal([1, 2], first.Numbers);
        Assert.False(first.End.IsCompleted);
        subscription.Dispose(); // once more
        NothingHeld(source);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Unsubscribe_OnAnotherThread_StopsWhatHasNotBegun(Form form)
    {
        using var source = Open();
        using var goOn = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        var (first, slow) = source.Observe(form, _ =>
        {
            inside.Set();
            goOn.Wait();
        });
        var (second, seen) = source.Observe(form);
        var (third, after) = source.Observe(form);

        source.Publish(1);
        inside.Wait();
        second.Dispose();
        goOn.Set();

        after.UntilSeen(1); // its turn comes after the second's
        Assert.Empty(seen.Numbers);
        Assert.Equal([1], slow.Numbers);
        first.Dispose();
        third.Dispose();
        NothingHeld(source);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Subscribe_InOnNext_SeesWhatComesThen(Form form)
    {
        using var source = Open();
        Observed? second = null;
        var (_, first) = source.Observe(form, number =>
        {
            if (number == 1)
                second = source.Observe(form).Seen;
        });

        source.Publish(1, 2, 3);
        source.Channel.Complete();

        await first.HasSeen([1, 2, 3]);
        await second!.HasSeen([2, 3]);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Subscribe_AfterAllLeft_GoesOn(Form form)
    {
        using var source = Open();
        for (var round = 0; round < 20; round++)
        {
            var (subscription, seen) = source.Observe(form);
            source.Publish(round);
            seen.UntilSeen(1);
            subscription.Dispose();
            Assert.Equal([round], seen.Numbers);
        }
        var (_, last) = source.Observe(form);
        source.Channel.Complete();
        await last.HasSeen([]);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Observer_ThatThrows_LeavesAndTheOthersGoOn(Form form)
    {
        using var source = Open();
        var error = new InvalidOperationException("a bad observer");
        var (_, bad) = source.Observe(form, number =>
        {
            if (number == 2)
                throw error;
        });
        var (_, good) = source.Observe(form);

        source.Publish(1, 2, 3);
        source.Channel.Complete();

        await good.HasSeen([1, 2, 3]);
        await bad.HasSeen([1, 2], error);
        NothingHeld(source);
    }

    [Fact]
    public async Task Observer_ThatThrows_IsReported()
    {
        using var source = Open();
        var error = new InvalidOperationException("a bad observer");
        var observable = source.Values;
        var reported = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        observable.ObserverFailed += (_, failed) => reported.TrySetResult(failed.Exception);
        observable.ObserverFailed += static (_, _) => throw new InvalidOperationException("a bad handler");
        observable.Subscribe(new Recorder<T>(static value => value.Number, _ => throw error));
        var (_, good) = source.Observe(Form.Value);

        source.Publish(1, 2);
        source.Channel.Complete();

        Assert.Same(error, await reported.Task.Guard());
        await good.HasSeen([1, 2]);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void SlowObserver_HoldsUpTheProducer(Form form)
    {
        using var source = Open();
        using var goOn = new ManualResetEventSlim();
        var (subscription, seen) = source.Observe(form, _ => goOn.Wait());

        var published = 0;
        Hang.Until(() =>
        {
            if (!source.Channel.Writer.TryPublish(T.Of(published)))
                return seen.Numbers.Count == 1 && source.Waiting >= Options.Capacity / 2; // full, and it is the observer
            published++;
            return false;
        });
        goOn.Set();

        seen.UntilSeen(published);
        Assert.Equal(Enumerable.Range(0, published), seen.Numbers);
        subscription.Dispose();
        NothingHeld(source);
    }

    [Fact]
    public void Subscribe_Nobody_IsRefused()
    {
        using var source = Open();
        Assert.Throws<ArgumentNullException>("observer", () => source.Values.Subscribe(null!));
        Assert.Throws<ArgumentNullException>("observer", () => source.Loans.Subscribe(null!));
        Assert.Throws<ArgumentNullException>("observer", () => source.Retained().Subscribe(null!));
    }
}

using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Observables;

/// <summary>Channels as observers: what is observed of one is written into another.</summary>
public sealed class ObserverTests
{
    public static TheoryData<Form> Forms => [.. Enum.GetValues<Form>()];

    private static IDisposable Connect(Form form, SlabReader<Small> from, SlabWriter<Small> to) => form switch
    {
        Form.Value => from.AsObservable().Subscribe(to.AsObserver()),
        Form.Lease => from.AsLeaseObservable().Subscribe(to.AsLeaseObserver()),
        _ => from.AsRetainedObservable().Subscribe(to.AsLeaseObserver()),
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Channel_IntoChannel_CarriesMessagesAndEnd(Form form)
    {
        using var from = SlabChannel.CreateSpsc<Small>();
        using var to = SlabChannel.CreateSpsc<Small>(new SlabChannelOptions { Capacity = 8 });
        Connect(form, from.Reader, to.Writer);

        for (var number = 0; number < 1000; number++)
            from.Writer.Publish(new Small(number));
        from.Complete();
        var arrived = new List<int>();
        await foreach (var lease in to.Reader.ReadAllAsync())
            using (lease)
                arrived.Add(lease.Value.Number);

        Assert.Equal(Enumerable.Range(0, 1000), arrived);
        await to.Completion.Guard();
        Hang.Until(() => from.Statistics.HeldLeases == 0);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Fault_IntoChannel_IsItsFault(Form form)
    {
        using var from = SlabChannel.CreateSpsc<Small>();
        using var to = SlabChannel.CreateSpsc<Small>();
        var fault = new InvalidDataException("torn");
        Connect(form, from.Reader, to.Writer);

        from.Complete(fault);

        Assert.Same(fault, await Assert.ThrowsAsync<InvalidDataException>(() => to.Reader.WaitToTakeAsync().Guard()));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Channel_ThatIsFullAndFails_IsLeft(Form form)
    {
        using var from = SlabChannel.CreateSpsc<Small>();
        using var to = SlabChannel.CreateSpsc<Small>(new SlabChannelOptions { Capacity = 4, FullMode = FullMode.Fail });
        Connect(form, from.Reader, to.Writer);
        var other = new Recorder<Small>(static value => value.Number);
        from.Reader.AsObservable().Subscribe(other);

        for (var number = 0; number < 6; number++)
            from.Writer.Publish(new Small(number));
        from.Complete();

        Assert.Null(await other.End.Guard());
        Assert.Equal(6, other.Numbers.Count);
        Assert.Equal(4, to.Count);
        Assert.IsType<ChannelFullException>((await Assert.ThrowsAsync<AggregateException>(() => Drained(to))).InnerException);
        Hang.Until(() => from.Statistics.HeldLeases == 0);
    }

    /// <summary>The writer's OnError was called with what its OnNext threw: the channel ends with that.</summary>
    private static async Task Drained(SlabChannel<Small> channel)
    {
        while (channel.Reader.TryTake(out var lease))
            lease.Dispose();
        await channel.Completion.ContinueWith(static ended => throw ended.Exception!, TaskScheduler.Default).Guard();
    }

    [Fact]
    public async Task Loan_OfTwoChannels_IsCopiedIntoBoth()
    {
        using var from = SlabChannel.CreateSpsc<Small>();
        using var one = SlabChannel.CreateSpsc<Small>();
        using var two = SlabChannel.CreateSpsc<Small>();
        var both = new Both(one.Writer.AsLeaseObserver(), two.Writer.AsLeaseObserver());
        from.Reader.AsLeaseObservable().Subscribe(both);

        from.Writer.Publish(new Small(7));
        from.Complete();

        foreach (var channel in new[] { one, two })
        {
            Assert.True(await channel.Reader.WaitToTakeAsync().Guard());
            using var lease = channel.Reader.Take();
            Assert.Equal(7, lease.Value.Number);
        }
    }

    /// <summary>One subscription with two observers, as Rx's Publish makes it.</summary>
    private sealed class Both(IObserver<Lease<Small>> one, IObserver<Lease<Small>> two) : IObserver<Lease<Small>>
    {
        public void OnNext(Lease<Small> value)
        {
            one.OnNext(value);
            two.OnNext(value);
        }

        public void OnError(Exception error) => throw error;

        public void OnCompleted()
        {
            one.OnCompleted();
            two.OnCompleted();
        }
    }
}

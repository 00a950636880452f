using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Observables;

/// <summary>Values and loans cost no byte of the managed heap per message.</summary>
[Collection("alone")]
public sealed class ObservableAllocationTests
{
    private const int Messages = 20_000;

    public static TheoryData<bool, bool> Cases => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Messages_Observed_AllocateNothing(bool fromBlock, bool loans)
    {
        using var channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions { Capacity = 64 });
        var observer = new Counter();
        var block = fromBlock ? channel.Reader.AsSourceBlock() : null;
        using var subscription = (block, loans) switch
        {
            (null, false) => channel.Reader.AsObservable().Subscribe(observer),
            (null, true) => channel.Reader.AsLeaseObservable().Subscribe(observer),
            (_, false) => block.AsObservable().Subscribe(observer),
            (_, true) => block.AsLeaseObservable().Subscribe(observer),
        };
        Send(2_000);

        var least = long.MaxValue;
        for (var round = 0; round < 5 && least >= Messages; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Send(Messages);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.InRange(least, 0, Messages - 1); // less than a byte a message

        void Send(int count)
        {
            var goal = observer.Count + count;
            for (var i = 0; i < count; i++)
                channel.Writer.Publish(i);
            Hang.Until(() => observer.Count == goal);
        }
    }

    private sealed class Counter : IObserver<long>, IObserver<Lease<long>>
    {
        private long _count;

        internal long Count => Interlocked.Read(ref _count);

        public void OnNext(long value) => Interlocked.Increment(ref _count);

        public void OnNext(Lease<long> value)
        {
            _ = value.Value;
            Interlocked.Increment(ref _count);
        }

        public void OnError(Exception error) => throw error;

        public void OnCompleted() { }
    }
}

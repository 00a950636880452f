using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Streams;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Streams;

/// <summary>The signal behind a reader of a block: as a target of the protocol, and where signals and waits meet.</summary>
public sealed class ArrivalsTests
{
    private readonly SlabBufferBlock<int> _block = new();

    [Fact]
    public async Task Signals_BeforeTheWait_AreOne()
    {
        var arrivals = new Arrivals<int>(_block);
        arrivals.Signal();
        arrivals.Signal();
        Assert.True(arrivals.WaitAsync().AsTask().IsCompletedSuccessfully);
        Task wait = arrivals.WaitAsync().AsTask();
        Assert.False(wait.IsCompleted);
        arrivals.Signal();
        await wait.Guard();
        Assert.Same(_block.Completion, arrivals.Completion);
    }

    [Fact]
    public async Task Signals_WhileItWaits_NoneIsMissed()
    {
        const int Rounds = 50_000;
        var arrivals = new Arrivals<int>(_block);
        int posted = 0;
        Task signalling = Hang.Start(() =>
        {
            for (int i = 1; i <= Rounds; i++)
            {
                Volatile.Write(ref posted, i);
                arrivals.Signal();
            }
        });
        await Task.Run(async () =>
        {
            while (Volatile.Read(ref posted) < Rounds)
                await arrivals.WaitAsync();
        }).Guard();
        await signalling.Guard();
    }

    [Fact]
    public void Offer_IsPostponed_AndWithoutASourceDeclined()
    {
        ITargetBlock<int> arrivals = new Arrivals<int>(_block);
        var header = new DataflowMessageHeader(1);
        Assert.Equal(DataflowMessageStatus.Declined, arrivals.OfferMessage(header, 1, null, consumeToAccept: false));
        Assert.Equal(DataflowMessageStatus.Postponed, arrivals.OfferMessage(header, 1, new BufferBlock<int>(), consumeToAccept: false));
        Assert.Throws<ArgumentException>("messageHeader", () => arrivals.OfferMessage(default, 1, null, consumeToAccept: false));
    }
}

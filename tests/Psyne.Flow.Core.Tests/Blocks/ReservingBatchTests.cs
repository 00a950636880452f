using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>Batches whose messages stay at their sources until all can be had.</summary>
public abstract class ReservingBatchTests<T> where T : unmanaged, INumbered<T>
{
    private readonly PumpScheduler _pump = new();

    private SlabBatchBlock<T> NewBatch(int size, int bound = DataflowBlockOptions.Unbounded, long groups = DataflowBlockOptions.Unbounded) =>
        new(size, new SlabBatchOptions { Greedy = false, TaskScheduler = _pump, BoundedCapacity = bound, MaxNumberOfGroups = groups });

    private List<SlabBufferBlock<T>> NewSources(SlabBatchBlock<T> batch, int count, int messages)
    {
        List<SlabBufferBlock<T>> sources = [];
        for (int i = 0; i < count; i++)
        {
            var source = new SlabBufferBlock<T>(new DataflowBlockOptions { TaskScheduler = _pump });
            source.LinkTo(batch);
            for (int number = 0; number < messages; number++)
                Assert.True(source.Post(T.Of(number)));
            sources.Add(source);
        }
        _pump.Run();
        return sources;
    }

    private static List<int> Take(SlabBatchBlock<T> batch)
    {
        Assert.True(batch.TryReceive(out OwnedLeaseBatch<T> messages));
        using (messages)
            return [.. Enumerable.Range(0, messages.Count).Select(i => messages[i].Number)];
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Source_ThatThrowsWhenConsumed_FaultsTheBlock_AndTheOtherMessageComesBack(bool first)
    {
        var messages = new Leases<T>();
        SlabBatchBlock<T> batch = NewBatch(2);
        ITargetBlock<Lease<T>> target1 = batch, target2 = batch;
        Task completion = batch.Completion;
        using ProbeSource<Lease<T>> one = new(messages), two = new(messages);
        (first ? one : two).OnCall = call =>
        {
            if (call.Kind == SourceCallKind.Consume)
                throw new FormatException("on purpose");
        };
        one.Offer(target1, 7);
        two.Offer(target2, 7);
        _pump.Run();
        Assert.True(SpinWait.SpinUntil(() => completion.IsFaulted, TimeSpan.FromSeconds(30)));
        Assert.IsType<FormatException>(completion.Exception!.InnerException);
        Assert.Equal(1, messages.Live); // the one that its source didn't give
    }

    [Fact]
    public void Source_ThatDoesNotGiveWhatWasReserved_FaultsTheBlock()
    {
        var messages = new Leases<T>();
        SlabBatchBlock<T> batch = NewBatch(2);
        ITargetBlock<Lease<T>> target1 = batch, target2 = batch;
        Task completion = batch.Completion;
        using ProbeSource<Lease<T>> one = new(messages), two = new(messages);
        two.Gives = false;
        one.Offer(target1, 7);
        two.Offer(target2, 7);
        _pump.Run();
        Assert.True(SpinWait.SpinUntil(() => completion.IsFaulted, TimeSpan.FromSeconds(30)));
        Assert.Contains("did not keep a message that was reserved", completion.Exception!.InnerException!.Message, StringComparison.Ordinal);
        Assert.Equal(1, messages.Live); // the one that its source kept
    }

    [Fact]
    public void Batch_TakesOneOfEachSource()
    {
        SlabBatchBlock<T> batch = NewBatch(3);
        List<SlabBufferBlock<T>> sources = NewSources(batch, 3, messages: 4);
        Assert.Equal(4, batch.OutputCount);
        for (int i = 0; i < 4; i++)
            Assert.Equal([i, i, i], Take(batch));
        Assert.All(sources, source => Assert.Equal(0, source.Count));
        Assert.Equal(12, batch.Statistics.Received);
    }

    [Fact]
    public void TooFewSources_KeepTheirMessages_UntilTriggered()
    {
        SlabBatchBlock<T> batch = NewBatch(3);
        List<SlabBufferBlock<T>> sources = NewSources(batch, 2, messages: 2);
        Assert.Equal(0, batch.OutputCount);
        Assert.All(sources, source => Assert.Equal(2, source.Count));

        batch.TriggerBatch();
        _pump.Run();
        Assert.Equal([0, 0], Take(batch));
        Assert.All(sources, source => Assert.Equal(1, source.Count));
        Assert.True(sources[0].TryReceive(out Lease<T> free)); // nothing is left reserved
        free.Dispose();
    }

    [Fact]
    public void Bound_LeavesMessagesAtTheirSources()
    {
        SlabBatchBlock<T> batch = NewBatch(2, bound: 4);
        List<SlabBufferBlock<T>> sources = NewSources(batch, 2, messages: 10);
        Assert.Equal(2, batch.OutputCount);
        Assert.All(sources, source => Assert.Equal(8, source.Count));
        Assert.Equal([0, 0], Take(batch));
        _pump.Run();
        Assert.Equal(2, batch.OutputCount);
    }

    [Fact]
    public async Task MostGroups_EndsTheBlock_AndLetsTheRestGo()
    {
        SlabBatchBlock<T> batch = NewBatch(2, groups: 2);
        List<SlabBufferBlock<T>> sources = NewSources(batch, 2, messages: 5);
        Assert.Equal([0, 0], Take(batch));
        Assert.Equal([1, 1], Take(batch));
        await batch.Completion.Guard();
        Assert.All(sources, source => Assert.True(source.TryReceiveAll(out IList<Lease<T>>? rest) && rest.Count == 3));
    }
}

public sealed class SmallReservingBatchTests : ReservingBatchTests<Small>;

public sealed class LargeReservingBatchTests : ReservingBatchTests<Large>;

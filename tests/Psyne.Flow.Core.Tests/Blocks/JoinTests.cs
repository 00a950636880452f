using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>Pairs and triples: how long their messages are held, and what happens when a slab has no slot for them.</summary>
public abstract class JoinTests<T> where T : unmanaged, INumbered<T>
{
    private readonly Leases<T> _messages = new();
    private readonly PumpScheduler _pump = new();

    private SlabJoinBlock<T, T> NewJoin(int bound = DataflowBlockOptions.Unbounded) =>
        new(new GroupingDataflowBlockOptions { TaskScheduler = _pump, BoundedCapacity = bound });

    private void Post(SlabJoinBlock<T, T> join, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            Assert.True(join.Target1.Post(_messages.Make(i)));
            Assert.True(join.Target2.Post(_messages.Make(1000 + i)));
        }
        _pump.Run();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Source_ThatThrowsWhenConsumed_FaultsTheBlock_AndTheOtherMessageComesBack(bool first)
    {
        var join = new SlabJoinBlock<T, T>(new GroupingDataflowBlockOptions { TaskScheduler = _pump, Greedy = false });
        var (target1, target2, completion) = (join.Target1, join.Target2, join.Completion);
        using ProbeSource<Lease<T>> one = new(_messages), two = new(_messages);
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
        Assert.Equal(1, _messages.Live); // the one that its source didn't give
    }

    [Fact]
    public void Source_ThatDoesNotGiveWhatWasReserved_FaultsTheBlock()
    {
        var join = new SlabJoinBlock<T, T>(new GroupingDataflowBlockOptions { TaskScheduler = _pump, Greedy = false });
        var (target1, target2, completion) = (join.Target1, join.Target2, join.Completion);
        using ProbeSource<Lease<T>> one = new(_messages), two = new(_messages);
        two.Gives = false;
        one.Offer(target1, 7);
        two.Offer(target2, 7);
        _pump.Run();
        Assert.True(SpinWait.SpinUntil(() => completion.IsFaulted, TimeSpan.FromSeconds(30)));
        Assert.Contains("did not keep a message that was reserved", completion.Exception!.InnerException!.Message, StringComparison.Ordinal);
        Assert.Equal(1, _messages.Live); // the one that its source kept
    }

    [Fact]
    public void Pairs_MoreThanARun_KeepTheirOrder()
    {
        SlabJoinBlock<T, T> join = NewJoin();
        Post(join, 0, 100);
        Assert.True(join.TryReceiveAll(out IList<LeasePair<T, T>>? pairs));
        Assert.Equal(Enumerable.Range(0, 100), pairs.Select(pair => pair.First.Number));
        Assert.Equal(Enumerable.Range(1000, 100), pairs.Select(pair => pair.Second.Number));

        foreach (LeasePair<T, T> pair in pairs.Reverse())
            pair.Dispose();
        Post(join, 100, 50); // in records that were used before
        Assert.True(join.TryReceiveAll(out pairs));
        Assert.Equal(Enumerable.Range(100, 50), pairs.Select(pair => pair.First.Number));
        foreach (LeasePair<T, T> pair in pairs)
            pair.Dispose();
        Assert.Equal(0, _messages.Live);
    }

    [Fact]
    public void Pair_DisposedTwice_IsRefusedAndHarmsNoOther()
    {
        SlabJoinBlock<T, T> join = NewJoin();
        Post(join, 1, 2);
        Assert.True(join.TryReceive(out LeasePair<T, T> first));
        Assert.True(join.TryReceive(out LeasePair<T, T> second));
        Assert.True(first.IsHeld);
        Assert.Contains("Pair of", first.ToString(), StringComparison.Ordinal);
        first.Dispose();

        Assert.False(first.IsHeld);
        Assert.Equal("Pair, not held", first.ToString());
        Assert.Throws<LeaseException>(() => first.Dispose());
        Assert.Throws<LeaseException>(() => first.First.Number);
        Assert.Throws<LeaseException>(() => first.Second.Number);
        Assert.Throws<LeaseException>(() => first.RetainFirst());
        Assert.Equal(2, second.First.Number);
        second.Dispose();
        Assert.Throws<LeaseException>(() => default(LeasePair<T, T>).First.Number);
        Assert.False(default(LeasePair<T, T>).IsHeld);
    }

    [Fact]
    public void Pair_Retained_OutlivesThePair()
    {
        SlabJoinBlock<T, T> join = NewJoin();
        Post(join, 7, 1);
        Assert.True(join.TryReceive(out LeasePair<T, T> pair));
        using Lease<T> first = pair.RetainFirst(), second = pair.RetainSecond();
        pair.Dispose();
        Assert.Equal((7, 1007), (first.Value.Number, second.Value.Number));
    }

    [Fact]
    public void Triple_BringsThreeTogether()
    {
        var join = new SlabJoinBlock<T, T, T>(new GroupingDataflowBlockOptions { TaskScheduler = _pump });
        for (int i = 0; i < 40; i++)
        {
            Assert.True(join.Target1.Post(_messages.Make(i)));
            Assert.True(join.Target3.Post(_messages.Make(2000 + i)));
        }
        _pump.Run();
        Assert.Equal(0, join.OutputCount);
        for (int i = 0; i < 40; i++)
            Assert.True(join.Target2.Post(_messages.Make(1000 + i)));
        _pump.Run();

        Assert.True(join.TryReceiveAll(out IList<LeaseTriple<T, T, T>>? triples));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (i, 1000 + i, 2000 + i)),
            triples.Select(triple => (triple.First.Number, triple.Second.Number, triple.Third.Number)));
        Assert.Contains("Triple of", triples[0].ToString(), StringComparison.Ordinal);
        using (Lease<T> first = triples[3].RetainFirst(), second = triples[3].RetainSecond(), third = triples[3].RetainThird())
            Assert.Equal((3, 1003, 2003), (first.Value.Number, second.Value.Number, third.Value.Number));
        foreach (LeaseTriple<T, T, T> triple in triples)
            triple.Dispose();
        Assert.Equal("Triple, not held", triples[0].ToString());
        Assert.Throws<LeaseException>(() => triples[0].Third.Number);
        Assert.Throws<LeaseException>(() => triples[0].Dispose());
        Assert.Equal(0, _messages.Live);
    }

    [Fact]
    public void Fault_GivesEverythingBack()
    {
        SlabJoinBlock<T, T> join = NewJoin();
        Post(join, 0, 5);
        Assert.True(join.Target1.Post(_messages.Make(5)));
        ((IDataflowBlock)join).Fault(new FormatException("on purpose"));
        _pump.Run();
        Assert.True(SpinWait.SpinUntil(() => join.Completion.IsFaulted, TimeSpan.FromSeconds(30)));
        Assert.Equal(0, _messages.Live);
    }

    [Fact]
    public async Task DroppedPairs_ComeBack()
    {
        // Each pair goes to a block that never disposes. Without the tickets the slots would be gone after a while.
        var join = new SlabJoinBlock<T, T>(new GroupingDataflowBlockOptions { BoundedCapacity = 64 });
        join.LinkTo(DataflowBlock.NullTarget<LeasePair<T, T>>());
        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(await join.Target1.SendAsync(_messages.Make(i & 1023)).Guard());
            Assert.True(await join.Target2.SendAsync(_messages.Make(i & 1023)).Guard());
            if (i % 2000 == 1999)
                _messages.Reclaim();
        }
        join.Complete();
        await join.Completion.Guard();
        _messages.Reclaim();
        Assert.Equal(0, _messages.Live);
    }
}

public sealed class SmallJoinTests : JoinTests<Small>
{
    /// <summary>The largest that are joined by value: a slot for 31 pairs is of some 3 KiB.</summary>
    [InlineArray(6)]
    private struct Widest
    {
        private long _first;
    }

    [Fact]
    public void Pairs_WithoutSlots_WaitAndAllCome()
    {
        const int Slots = (32 << 20) / 3136; // a run of 31 x 97 B, rounded up to 64
        const int Run = 31;
        var pump = new PumpScheduler();
        var join = new SlabJoinBlock<Widest, Widest>(new GroupingDataflowBlockOptions { TaskScheduler = pump });
        var kept = new Queue<LeasePair<Widest, Widest>>(); // one of each run, which keeps its slot
        int taken = 0;
        for (int posted = 0; posted < (Slots + 2) * Run; posted++)
        {
            var message = new Widest();
            message[0] = posted;
            Assert.True(join.Target1.Post(message));
            Assert.True(join.Target2.Post(message));
            pump.Run();
            if (join.TryReceive(out LeasePair<Widest, Widest> pair))
                Keep(pair);
        }
        Assert.InRange(kept.Count, Slots / 2, Slots);
        Assert.True(join.Statistics.InputCount > 0); // the last wait
        while (taken < (Slots + 2) * Run)
        {
            kept.Dequeue().Dispose();
            Assert.True(SpinWait.SpinUntil(() =>
            {
                pump.Run();
                return join.OutputCount > 0;
            }, TimeSpan.FromSeconds(30)));
            while (join.TryReceive(out LeasePair<Widest, Widest> pair))
                Keep(pair);
        }
        while (kept.TryDequeue(out LeasePair<Widest, Widest> pair))
            pair.Dispose();

        void Keep(LeasePair<Widest, Widest> pair)
        {
            Assert.Equal((taken, taken), (pair.First[0], pair.Second[0]));
            if (taken++ % Run == 0)
                kept.Enqueue(pair);
            else
                pair.Dispose();
        }
    }
}

public sealed class LargeJoinTests : JoinTests<Large>;

using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Streams;

/// <summary>The async LINQ of the BCL over channels and blocks: values, and leases that operators keep or drop.</summary>
public abstract class LinqTests<T> : IDisposable where T : unmanaged, INumbered<T>
{
    private const int Capacity = 8;

    private readonly SlabChannel<T> _channel = SlabChannel.CreateSpsc<T>(new SlabChannelOptions { Capacity = Capacity });

    public void Dispose()
    {
        _channel.Dispose();
        GC.SuppressFinalize(this);
    }

    private SlabReader<T> Holding(int count)
    {
        for (int i = 0; i < count; i++)
            _channel.Writer.Publish(T.Of(i));
        _channel.Complete();
        return _channel.Reader;
    }

    private static int Number(Lease<T> lease)
    {
        using (lease)
            return lease.Value.Number;
    }

    [Fact]
    public async Task Values_ThroughOperators_HoldNoSlot()
    {
        List<int[]> chunks = await Holding(8).ReadAllAsync().Values()
            .Where(value => value.Number % 2 == 1)
            .Select(value => 10 * value.Number)
            .Chunk(3)
            .ToListAsync().Guard();

        Assert.Equal([[10, 30, 50], [70]], chunks);
        Assert.Equal(0, _channel.Statistics.HeldLeases);
    }

    [Fact]
    public async Task Take_OfAStream_LeavesTheRest()
    {
        SlabReader<T> reader = Holding(5);
        Assert.Equal([0, 1], await reader.ReadAllAsync().Values().Take(2).Select(value => value.Number).ToListAsync().Guard());
        Assert.Equal(3, reader.Count);
        Assert.Equal(2, Number(await reader.ReadAllAsync().FirstAsync().Guard()));
        Assert.Equal([3, 4], await reader.ReadAllAsync().Values().Select(value => value.Number).ToListAsync().Guard());
    }

    [Fact]
    public async Task Zip_OfAChannelAndABlock_Pairs()
    {
        var block = new SlabBufferBlock<T>();
        using var other = SlabChannel.CreateSpsc<T>();
        other.Reader.AsSourceBlock().LinkTo(block, new DataflowLinkOptions { PropagateCompletion = true });
        for (int i = 0; i < 3; i++)
            other.Writer.Publish(T.Of(100 + i));
        other.Complete();

        List<int> sums = await Holding(5).ReadAllAsync()
            .Zip(block.ReadAllAsync(), (left, right) => Number(left) + Number(right))
            .ToListAsync().Guard();

        Assert.Equal([100, 102, 104], sums);
    }

    [Fact]
    public async Task Aggregates_OverABlock_SeeAll()
    {
        var squares = new SlabTransformBlock<T, long>((in T input, ref long output) => output = (long)input.Number * input.Number);
        Holding(8).AsSourceBlock().LinkTo(squares, new DataflowLinkOptions { PropagateCompletion = true });
        Assert.Equal(140, await squares.ReadAllAsync().Values().SumAsync().Guard());
    }

    [Fact]
    public async Task Fault_OfABlock_ComesThroughOperators()
    {
        var block = new SlabBufferBlock<T>();
        ((IDataflowBlock)block).Fault(new FormatException());
        await Assert.ThrowsAsync<FormatException>(() => block.ReadAllAsync().Values().Where(value => value.Number > 0).ToListAsync().Guard());
    }

    [Fact]
    public async Task Stream_ThroughOperatorsIntoAChannel_Arrives()
    {
        using SlabChannel<long> doubled = Holding(8).ReadAllAsync().Values().Select(value => 2L * value.Number).ToChannel();
        Assert.Equal([0, 2, 4, 6, 8, 10, 12, 14], await doubled.Reader.ReadAllAsync().Values().ToListAsync().Guard());
    }

    [Fact]
    public async Task Leases_ThatAnOperatorKeeps_AreHeldUntilTheyAreDisposed()
    {
        Lease<T>[] chunk = await Holding(8).ReadAllAsync().Chunk(4).FirstAsync().Guard();
        Assert.Equal([0, 1, 2, 3], chunk.Select(lease => lease.Value.Number));
        Assert.Equal(4, _channel.Statistics.HeldLeases);
        foreach (Lease<T> lease in chunk)
            lease.Dispose();
        Assert.Equal(0, _channel.Statistics.HeldLeases);
    }

    [Fact]
    public async Task Leases_ThatAnOperatorDrops_HoldTheirSlots()
    {
        List<Lease<T>> kept = await Holding(8).ReadAllAsync().Where(lease => lease.Value.Number >= 6).ToListAsync().Guard();
        Assert.Equal([6, 7], kept.Select(Number));
        Assert.Equal(6, _channel.Statistics.HeldLeases); // nobody has them: Where knows nothing of leases
    }

    [Fact]
    public async Task Leases_MoreThanTheChannelHas_NeverFillAChunk()
    {
        // As many leases as the channel has slots: no message can come any more.
        int slots = 0;
        Task<Lease<T>[]> chunk = _channel.Reader.ReadAllAsync().Select(lease =>
        {
            Interlocked.Increment(ref slots);
            return lease;
        }).Chunk(1000).FirstAsync().AsTask();
        int published = 0;
        while (_channel.Writer.TryPublish(T.Of(published)))
        {
            published++;
            Hang.Until(() => Volatile.Read(ref slots) == published);
        }

        Assert.False(chunk.IsCompleted);
        Assert.InRange(published, Capacity, 2 * Capacity + 64);
        _channel.Complete();
        foreach (Lease<T> lease in await chunk.Guard())
            lease.Dispose();
    }

    [Fact]
    public async Task Leases_OfABlock_ThatAnOperatorDrops_ComeBack()
    {
        var messages = new Leases<T>();
        var block = new SlabBufferBlock<T>();
        for (int i = 0; i < 8; i++)
            Assert.True(block.Post(messages.Make(i)));
        block.Complete();
        Assert.Equal([6, 7], (await block.ReadAllAsync().Where(lease => lease.Value.Number >= 6).Select(Number).ToListAsync().Guard()));
        messages.Reclaim();
        Assert.Equal(0, messages.Live);
    }

    [Fact]
    public async Task Retained_Leases_FillChunksOfAnySize()
    {
        Task<List<Lease<T>[]>> chunks = _channel.Reader.ReadAllAsync().Select(lease =>
        {
            using (lease)
                return lease.Retain();
        }).Chunk(5).ToListAsync().AsTask();
        for (int i = 0; i < 10; i++)
        {
            int number = i;
            await Hang.Start(() => _channel.Writer.Publish(T.Of(number))).Guard();
        }
        _channel.Complete();
        foreach (Lease<T>[] chunk in await chunks.Guard())
        {
            Assert.Equal(5, chunk.Length);
            foreach (Lease<T> lease in chunk)
                lease.Dispose();
        }
        Assert.Equal(0, _channel.Statistics.HeldLeases);
    }
}

public sealed class SmallLinqTests : LinqTests<Small>;

public sealed class LargeLinqTests : LinqTests<Large>;

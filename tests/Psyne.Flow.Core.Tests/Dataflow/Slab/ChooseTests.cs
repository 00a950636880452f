using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>Choose between blocks of ours and stock ones: one message of one of them, and nothing of the others.</summary>
public abstract class ChooseTests<T>() : DataflowFixture<Lease<T>>(() => new Leases<T>()) where T : unmanaged, INumbered<T>
{
    private readonly List<string> _taken = [];

    private void Take(string from, Lease<T> message) => _taken.Add($"{from} {Messages.Take(message)}");

    [Theory, Trait("rule", "Choose")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Choose_OursOrStock_TakesTheOneThatHasAMessage(bool oursHas)
    {
        var ours = new SlabBufferBlock<T>(Options());
        var stock = new BufferBlock<Lease<T>>(Options());
        Assert.True(Post(oursHas ? ours : stock, 1));
        Pump.Run();

        Task<int> choice = DataflowBlock.Choose<Lease<T>, Lease<T>>(ours, message => Take("ours", message), stock, message => Take("stock", message));
        await RunUntil(choice);

        Assert.Equal(oursHas ? 0 : 1, await choice);
        Assert.Equal([oursHas ? "ours 1" : "stock 1"], _taken);
        Assert.True(Post(ours, 2)); // neither is linked any more
        Assert.True(Post(stock, 3));
        Pump.Run();
        Assert.Equal(2, Messages.Take(ours.Receive()));
        Assert.Equal(3, Messages.Take(stock.Receive()));
        Assert.Single(_taken);
    }

    [Fact, Trait("rule", "Choose")]
    public async Task Choose_WhichGetsTheFirst_LeavesTheOthersTheirs()
    {
        var ours = new SlabBufferBlock<T>(Options());
        var stock = new BufferBlock<Lease<T>>(Options());
        var changed = new SlabTransformBlock<T>((ref T message) => message = T.Of(message.Number + 100), Options());
        Task<int> choice = DataflowBlock.Choose<Lease<T>, Lease<T>, Lease<T>>(
            ours, message => Take("ours", message), stock, message => Take("stock", message), changed, message => Take("changed", message));
        Pump.Run();
        Assert.False(choice.IsCompleted);

        Assert.True(Post(changed, 1));
        await RunUntil(choice);
        Assert.Equal(2, await choice);
        Assert.True(Post(changed, 2));
        Pump.Run();

        Assert.Equal(["changed 101"], _taken);
        Assert.Equal(102, Messages.Take(changed.Receive()));
    }

    [Fact, Trait("rule", "Choose")]
    public async Task Choose_OfAllThatHaveOne_TakesOneOnly()
    {
        var ours = new SlabBufferBlock<T>(Options());
        var stock = new BufferBlock<Lease<T>>(Options());
        var join = new SlabJoinBlock<T, T>(new GroupingDataflowBlockOptions { TaskScheduler = Pump });
        Assert.True(Post(ours, 1));
        Assert.True(Post(stock, 2));
        Assert.True(Post(join.Target1, 3));
        Assert.True(Post(join.Target2, 4));
        Pump.Run();

        Task<int> choice = DataflowBlock.Choose<LeasePair<T, T>, Lease<T>, Lease<T>>(
            join,
            pair =>
            {
                using (pair)
                    _taken.Add("pair");
            },
            ours, message => Take("ours", message), stock, message => Take("stock", message));
        await RunUntil(choice);

        Assert.Equal(0, await choice);
        Assert.Equal(["pair"], _taken);
        Assert.Equal(1, Messages.Take(ours.Receive()));
        Assert.Equal(2, Messages.Take(stock.Receive()));
    }

    [Fact, Trait("rule", "Choose")]
    public async Task Choose_OneEndsWithoutAMessage_WaitsForTheOther()
    {
        var ours = new SlabBufferBlock<T>(Options());
        var stock = new BufferBlock<Lease<T>>(Options());
        Task<int> choice = DataflowBlock.Choose<Lease<T>, Lease<T>>(ours, message => Take("ours", message), stock, message => Take("stock", message));
        ours.Complete();
        await RunUntil(ours.Completion);
        Assert.False(choice.IsCompleted);

        Assert.True(Post(stock, 1));
        await RunUntil(choice);
        Assert.Equal(1, await choice);
        Assert.Equal(["stock 1"], _taken);
    }

    [Fact, Trait("rule", "Choose")]
    public async Task Choose_AllEnd_IsCanceled()
    {
        var ours = new SlabBufferBlock<T>(Options());
        var stock = new BufferBlock<Lease<T>>(Options());
        Task<int> choice = DataflowBlock.Choose<Lease<T>, Lease<T>>(ours, message => Take("ours", message), stock, message => Take("stock", message));
        ((IDataflowBlock)ours).Fault(new FormatException());
        stock.Complete();
        await RunUntil(choice);
        Assert.Equal(TaskStatus.Canceled, choice.Status);
    }

    [Fact, Trait("rule", "Choose")]
    public async Task Choose_ActionThatThrows_FaultsTheChoiceAlone()
    {
        var ours = new SlabBufferBlock<T>(Options());
        var stock = new BufferBlock<Lease<T>>(Options());
        Task<int> choice = DataflowBlock.Choose<Lease<T>, Lease<T>>(
            ours,
            message =>
            {
                Take("ours", message);
                throw new FormatException("on purpose");
            },
            stock, message => Take("stock", message));
        Assert.True(Post(ours, 1));
        Assert.True(Post(ours, 2));
        await RunUntil(choice);

        Assert.Equal("on purpose", (await Assert.ThrowsAsync<FormatException>(() => choice)).Message);
        Assert.False(ours.Completion.IsCompleted);
        Assert.Equal(2, Messages.Take(ours.Receive()));
    }

    [Fact, Trait("rule", "Choose")]
    public async Task Choose_OnThePool_RaceForOne_LosesNothing()
    {
        const int Rounds = 200;
        var ours = new SlabBufferBlock<T>();
        var stock = new BufferBlock<Lease<T>>();
        int seen = 0;
        Task feeding = Hang.Start(() =>
        {
            for (int i = 0; i < Rounds; i++)
                Assert.True(Post(i % 2 == 0 ? ours : stock, i));
        });
        for (int i = 0; i < Rounds; i++)
            await DataflowBlock.Choose<Lease<T>, Lease<T>>(
                ours,
                message =>
                {
                    Messages.Free(message);
                    seen++;
                },
                stock,
                message =>
                {
                    Messages.Free(message);
                    seen++;
                }).Guard();
        await feeding.Guard();
        Assert.Equal(Rounds, seen);
    }
}

public sealed class SmallChooseTests : ChooseTests<Small>;

public sealed class LargeChooseTests : ChooseTests<Large>;

using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>
/// Blocks in a circle without a bound. What goes round neither gets lost nor stuck. What multiplies fills the blocks' slabs,
/// as large as SizeFactor says, and then waits for something to leave: nothing is lost, and nothing grows on.
/// </summary>
public sealed class UnboundedCircleTests
{
    /// <summary>So large that a block has few slots for it; only its first page is ever touched.</summary>
    [InlineArray(1 << 20)]
    private struct Huge
    {
        private byte _first;
    }

    private const int Slots = 64; // of a block, for so large a message

    private readonly PumpScheduler _pump = new();

    public static TheoryData<string, string> Pairs()
    {
        string[] kinds = ["buffer", "transform", "parallel transform", "in place", "many", "own", "merge"];
        var pairs = new TheoryData<string, string>();
        foreach (string one in kinds)
            foreach (string other in kinds)
                pairs.Add(one, other);
        return pairs;
    }

    [Theory, MemberData(nameof(Pairs))]
    public Task Circle_OfSmallMessages_GoesRoundAndEnds(string one, string other) => GoRound<Small>(one, other);

    [Theory, MemberData(nameof(Pairs))]
    public Task Circle_OfLargeMessages_GoesRoundAndEnds(string one, string other) => GoRound<Large>(one, other);

    private static async Task GoRound<T>(string one, string other) where T : unmanaged, INumbered<T>
    {
        const int Count = 20, Rounds = 500;
        var messages = new Leases<T>();
        AnyBlock<T> first = AnyBlock<T>.New(one), second = AnyBlock<T>.New(other);
        var (head, tail) = ((IPropagatorBlock<Lease<T>, Lease<T>>)first.Block, (IPropagatorBlock<Lease<T>, Lease<T>>)second.Block);
        int passes = 0;
        var done = new BufferBlock<Lease<T>>();
        head.LinkTo(tail);
        tail.LinkTo(head, _ => Interlocked.Increment(ref passes) <= Rounds);
        tail.LinkTo(done);
        for (int i = 0; i < Count; i++)
            Assert.True(head.Post(messages.Make(i)));

        var seen = new List<int>();
        for (int i = 0; i < Count; i++)
            using (Lease<T> lease = await done.ReceiveAsync().Guard())
                seen.Add(lease.Value.Number);
        Assert.Equal(Enumerable.Range(0, Count), seen.Order());
        Assert.True(passes > Rounds);
        head.Complete();
        await head.Completion.Guard();
        messages.Reclaim();
        Assert.Equal(0, messages.Live);
    }

    [Fact]
    public async Task Block_LinkedToItself_GoesRoundAndEnds()
    {
        var messages = new Leases<Small>();
        var block = new SlabBufferBlock<Small>();
        int passes = 0;
        var done = new BufferBlock<Lease<Small>>();
        block.LinkTo(block, _ => ++passes <= 1000);
        block.LinkTo(done);
        for (int i = 0; i < 3; i++)
            Assert.True(block.Post(messages.Make(i)));
        for (int i = 0; i < 3; i++)
            (await done.ReceiveAsync().Guard()).Dispose();
        Assert.Equal(0, block.Count);
        block.Complete();
        await block.Completion.Guard();
    }

    [Fact]
    public async Task Circle_ThatMultiplies_FillsItsSlabAndWaits()
    {
        int made = 0, ended = 0;
        var twice = new SlabTransformManyBlock<Huge, Huge>((in Huge input, int index, ref Huge output) =>
        {
            output[0] = input[0];
            made += index < 2 ? 1 : 0;
            ended += index < 2 ? 0 : 1;
            return index < 2;
        }, new SlabBlockOptions { TaskScheduler = _pump });
        var buffer = new SlabBufferBlock<Huge>(new DataflowBlockOptions { TaskScheduler = _pump });
        twice.LinkTo(buffer);
        buffer.LinkTo(twice);
        using var channel = SlabChannel.CreateSpsc<Huge>(new SlabChannelOptions { Capacity = 2 });
        using (Claim<Huge> claim = channel.Writer.Claim())
        {
            claim.Value[0] = 7;
            claim.Publish();
        }
        Assert.True(twice.Post(channel.Reader.Take()));

        _pump.Run(); // until nothing moves
        int full = made, waiting = twice.InputCount + twice.OutputCount + buffer.Count;
        Assert.InRange(waiting, Slots / 2, Slots + 1); // its own slots, and the first message's
        Assert.Equal(1 + made - ended, waiting); // nothing is lost
        _pump.Run();
        Assert.Equal(full, made);

        // Nothing can leave this circle, but it can be ended, and then all comes back.
        ((IDataflowBlock)twice).Fault(new InvalidOperationException("enough"));
        await _pump.RunUntil(twice.Completion);
        Assert.True(twice.Completion.IsFaulted);
        Assert.Equal(0, twice.InputCount + twice.OutputCount);
        Assert.Equal(0, channel.Statistics.HeldLeases);
    }

    [Fact]
    public async Task Circle_ThatMultipliesAndHasAWayOut_GivesAll()
    {
        const int Generations = 6;
        var twice = new SlabTransformManyBlock<Huge, Huge>((in Huge input, int index, ref Huge output) =>
        {
            output[0] = (byte)(input[0] + 1);
            return index < 2;
        });
        var buffer = new SlabBufferBlock<Huge>();
        int leaves = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new SlabActionBlock<Huge>((ref readonly Huge _) =>
        {
            if (++leaves == 1 << Generations)
                all.SetResult();
        });
        twice.LinkTo(buffer);
        buffer.LinkTo(twice, lease => lease.Value[0] < Generations);
        buffer.LinkTo(sink);
        using var channel = SlabChannel.CreateSpsc<Huge>(new SlabChannelOptions { Capacity = 2 });
        using (Claim<Huge> claim = channel.Writer.Claim())
        {
            claim.Value[0] = 0;
            claim.Publish();
        }
        Assert.True(twice.Post(channel.Reader.Take()));

        await all.Task.Guard();
        Assert.Equal(0, twice.InputCount + twice.OutputCount + buffer.Count);
    }
}

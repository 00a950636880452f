using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>Blocks whose memory is all leased: they wait, allocate nothing instead, and go on when a slot is given back.</summary>
public sealed class FullSlabTests
{
    /// <summary>So large that a block has few slots for it; only its first page is ever touched.</summary>
    [InlineArray(1 << 20)]
    private struct Huge : INumbered<Huge>
    {
        private byte _first;

        public readonly int Number => _first;

        public static Huge Of(int number) => throw new NotSupportedException("It is built in place.");
    }

    private const int Slots = 64;
    private const int Messages = 90;

    private readonly SlabChannel<Huge> _channel = SlabChannel.CreateMpmc<Huge>(new SlabChannelOptions { Capacity = 128 });

    private Lease<Huge> Make(int number)
    {
        using (Claim<Huge> claim = _channel.Writer.Claim())
        {
            claim.Value[0] = (byte)number;
            claim.Publish();
        }
        return _channel.Reader.Take();
    }

    private async Task AssertAllCome(SlabPropagatorBlock<Lease<Huge>, Lease<Huge>> block, int inputs, Func<int, int> expected, List<Lease<Huge>>? shares = null, int comeAtOnce = Slots)
    {
        for (int i = 0; i < inputs; i++)
        {
            Lease<Huge> message = Make(i);
            shares?.Add(message.Retain());
            Assert.True(block.Post(message));
        }
        block.Complete();
        Assert.True(SpinWait.SpinUntil(() => block.OutputCount >= comeAtOnce, TimeSpan.FromSeconds(30)), $"{block.OutputCount} came out.");
        for (int i = 0; i < Messages; i++)
            using (Lease<Huge> lease = await block.ReceiveAsync().Guard())
                Assert.Equal(expected(i), lease.Value.Number);
        await block.Completion.Guard();
        shares?.ForEach(share => share.Dispose());
        Assert.Equal(0, _channel.Statistics.HeldLeases);
        _channel.Dispose();
    }

    [Fact]
    public Task Transform_WaitsForASlot() =>
        AssertAllCome(new SlabTransformBlock<Huge, Huge>((in Huge input, ref Huge output) => output[0] = input[0]), Messages, i => i);

    [Fact]
    public Task ParallelTransform_WaitsForASlot() =>
        AssertAllCome(new SlabTransformBlock<Huge, Huge>((in Huge input, ref Huge output) => output[0] = input[0],
            new SlabBlockOptions { MaxDegreeOfParallelism = 3 }), Messages, i => i);

    [Fact]
    public Task InPlace_OfSharedMessages_WaitsForASlot() =>
        AssertAllCome(new SlabTransformBlock<Huge>((ref Huge message) => message[0]++), Messages, i => i + 1, []);

    [Fact]
    public Task TransformMany_WaitsForASlot() =>
        AssertAllCome(new SlabTransformManyBlock<Huge, Huge>(Thirty), Messages / 30, i => i % 30);

    [Fact]
    public Task ParallelTransformMany_WaitsForASlot() =>
        AssertAllCome(new SlabTransformManyBlock<Huge, Huge>(Thirty, new SlabBlockOptions { MaxDegreeOfParallelism = 2 }), Messages / 30, i => i % 30, comeAtOnce: 30); // the rest of the slots may be shared by the next two

    [Fact]
    public async Task ParallelTransformMany_MoreThanItsShare_FaultsWithTheNumbers()
    {
        var block = new SlabTransformManyBlock<Huge, Huge>(Thirty, new SlabBlockOptions { MaxDegreeOfParallelism = 3 });
        Assert.True(block.Post(Make(1)));
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => block.Completion.Guard());
        Assert.Contains("more than 21", fault.Message);
        Assert.Equal(0, _channel.Statistics.HeldLeases);
        _channel.Dispose();
    }

    private static bool Thirty(in Huge input, int index, ref Huge output)
    {
        output[0] = (byte)index;
        return index < 30;
    }
}

using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>A delegate that doesn't return for a while in the middle of a batch: what was finished before it is passed on, and nothing else.</summary>
public abstract class StallTests<T> where T : unmanaged, INumbered<T>
{
    private const int WarmUp = 5000;
    private const int Holds = -1;
    private const int Stalls = -2;
    private const int Yields = 7;

    private readonly Leases<T> _messages = new();
    private readonly ManualResetEventSlim _hold = new();
    private readonly ManualResetEventSlim _held = new();
    private readonly ManualResetEventSlim _stall = new();
    private readonly ManualResetEventSlim _stalled = new();

    /// <summary>Nothing, but waits where the message says so.</summary>
    private bool Meet(int number)
    {
        if (number is not (Holds or Stalls))
            return number == Yields;
        (number == Holds ? _held : _stalled).Set();
        (number == Holds ? _hold : _stall).Wait();
        return false;
    }

    private async Task<List<int>> Run(SlabPropagatorBlock<Lease<T>, Lease<T>> block)
    {
        var received = new List<int>();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new SlabActionBlock<T>((ref readonly T message) =>
        {
            lock (received)
                received.Add(message.Number);
            first.TrySetResult();
        });
        block.LinkTo(sink, new DataflowLinkOptions { PropagateCompletion = true });
        for (int i = 0; i < WarmUp; i++) // until a batch has many messages
            Assert.True(block.Post(_messages.Make(1)));
        Assert.True(block.Post(_messages.Make(Holds)));
        Assert.True(_held.Wait(TimeSpan.FromSeconds(30)));
        foreach (int number in (int[])[Yields, Stalls, Yields, Stalls]) // one batch
            Assert.True(block.Post(_messages.Make(number)));
        block.Complete();
        _hold.Set();
        Assert.True(_stalled.Wait(TimeSpan.FromSeconds(30)));
        await first.Task.Guard(); // though the batch isn't over
        await Task.Delay(30); // some turns of the watch, which finds nothing more that is finished
        lock (received)
            Assert.Equal([Yields], received);
        _stall.Set();
        await sink.Completion.Guard();
        Assert.Equal(0, _messages.Live);
        return received;
    }

    [Fact]
    public async Task TransformMany_StallsBeforeAResult_ShowsNoneOfIt()
    {
        var received = await Run(new SlabTransformManyBlock<T, T>((in T input, int index, ref T output) =>
        {
            if (index > 0 || !Meet(input.Number))
                return false;
            output = input;
            return true;
        }));
        Assert.Equal([Yields, Yields], received);
    }
}

public sealed class SmallStallTests : StallTests<Small>;

public sealed class LargeStallTests : StallTests<Large>;

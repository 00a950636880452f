using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>Blocks of one's own: what they are shown, when they are called, and what they are refused.</summary>
public abstract class OwnBlockTests<T> where T : unmanaged, INumbered<T>
{
    private delegate void ProcessCall(ref BlockInput<T> input, ref BlockOutput<T> output);

    private delegate bool FlushCall(ref BlockOutput<T> output);

    /// <summary>A block that does what the test says.</summary>
    private sealed class Scripted(ExecutionDataflowBlockOptions? options, ProcessCall process, FlushCall? flush = null, Action? drop = null)
        : SlabCustomBlock<T, T>(options)
    {
        protected override void Process(ref BlockInput<T> input, ref BlockOutput<T> output) => process(ref input, ref output);

        protected override bool Flush(ref BlockOutput<T> output) => flush?.Invoke(ref output) ?? base.Flush(ref output);

        protected override void Drop()
        {
            base.Drop();
            drop?.Invoke();
        }

        public void CallWake() => Wake();

        public void CallEndIntake() => EndIntake();
    }

    private readonly Leases<T> _messages = new();
    private readonly PumpScheduler _pump = new();

    private SlabBlockOptions Options(int bound = DataflowBlockOptions.Unbounded) => new() { TaskScheduler = _pump, BoundedCapacity = bound };

    private void Post(ITargetBlock<Lease<T>> block, params int[] numbers)
    {
        foreach (int number in numbers)
            Assert.True(block.Post(_messages.Make(number)));
        _pump.Run();
    }

    private static List<int> Take(SlabSourceBlock<Lease<T>> block)
    {
        var numbers = new List<int>();
        while (block.TryReceive(out Lease<T> lease))
            using (lease)
                numbers.Add(lease.Value.Number);
        return numbers;
    }

    [Fact]
    public void Process_BuildsAndMoves_InTheOrderOfItsCalls()
    {
        var block = new Scripted(Options(), (ref input, ref output) =>
        {
            while (input.Count > 0 && output.Room > 1)
            {
                output.Add(T.Of(input[0].Number + 100));
                if (input[0].Number % 2 == 0)
                    output.Move(ref input);
                else
                    input.Take(1);
            }
        });
        Post(block, 1, 2, 3, 4);
        Assert.Equal([101, 102, 2, 103, 104, 4], Take(block));
        Assert.Equal(0, _messages.Live);
    }

    [Fact]
    public async Task Flush_SendsWhatIsHeld_AsThereIsRoom()
    {
        var held = new Queue<int>();
        var block = new Scripted(new SlabBlockOptions { BoundedCapacity = 4 }, (ref input, ref output) =>
        {
            for (; input.Count > 0; input.Take(1))
                held.Enqueue(input[0].Number);
        }, (ref output) =>
        {
            while (output.Room > 0 && held.TryDequeue(out int number))
                output.Add() = T.Of(number);
            return held.Count == 0;
        });
        for (int i = 0; i < 1000; i++)
            Assert.True(await block.SendAsync(_messages.Make(i)).Guard());
        block.Complete();
        for (int i = 0; i < 1000; i++)
            using (Lease<T> lease = await block.ReceiveAsync().Guard())
                Assert.Equal(i, lease.Value.Number);
        await block.Completion.Guard();
        Assert.Equal(0, _messages.Live);
    }

    [Fact]
    public void Wake_WithoutMessages_CallsProcess()
    {
        int calls = 0;
        var block = new Scripted(Options(), (ref input, ref output) =>
        {
            calls++;
            Assert.Equal(0, input.Count);
            output.Add(T.Of(calls));
        });
        block.CallWake();
        _pump.Run();
        block.CallWake();
        _pump.Run();
        Assert.Equal([1, 2], Take(block));
        block.Complete();
        _pump.Run();
        Assert.True(SpinWait.SpinUntil(() => block.Completion.IsCompletedSuccessfully, TimeSpan.FromSeconds(30)));
        block.CallWake();
        _pump.Run();
        Assert.Equal(2, calls);
    }

    [Fact]
    public void Full_ProcessIsCalledAgainWhenThereIsRoom()
    {
        var block = new Scripted(Options(bound: 2), (ref input, ref output) =>
        {
            while (input.Count > 0 && output.Room > 0)
                output.Move(ref input);
        });
        Post(block, 1, 2);
        Assert.False(block.Post(_messages.Make(3)));
        Assert.Equal([1, 2], Take(block));
        Post(block, 4, 5);
        Assert.Equal([4, 5], Take(block));
    }

    [Fact]
    public void OutputFull_WaitsForRoom_AlsoWhereItIsWoken()
    {
        int repeated = 0, wakes = 0;
        var block = new Scripted(Options(bound: 2), (ref input, ref output) =>
        {
            if (input.Count == 0)
                wakes++;
            for (; input.Count > 0 && output.Room > 0; repeated++)
            {
                output.Add(in input[0]);
                if (repeated % 100 == 99)
                    input.Take(1);
            }
        });
        Post(block, 1, 2);
        int full = block.OutputCount;
        Assert.InRange(full, 2, 200); // as many as its memory has room for
        block.CallWake();
        _pump.Run();
        var all = new List<int>();
        while (all.Count < 200)
        {
            List<int> some = Take(block);
            Assert.NotEmpty(some);
            all.AddRange(some);
            _pump.Run();
        }
        Assert.Equal([.. Enumerable.Repeat(1, 100), .. Enumerable.Repeat(2, 100)], all);
        block.CallWake();
        _pump.Run();
        Assert.InRange(wakes, 1, 2);
    }

    [Fact]
    public void EndIntake_DeclinesWhatComes_AndHandlesWhatWaits()
    {
        Scripted? block = null;
        block = new Scripted(Options(), (ref input, ref output) =>
        {
            while (input.Count > 0 && output.Room > 0)
            {
                if (input[0].Number == 2)
                    block!.CallEndIntake();
                output.Move(ref input);
            }
        });
        Post(block, 1, 2, 3);
        Assert.False(block.Post(_messages.Make(4)));
        Assert.Equal([1, 2, 3], Take(block));
        Assert.True(SpinWait.SpinUntil(() => block.Completion.IsCompletedSuccessfully, TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Throws_FaultsAndDropsOnce(bool inFlush)
    {
        int drops = 0;
        var block = new Scripted(Options(), (ref input, ref output) =>
        {
            input.Take(input.Count);
            if (!inFlush)
                throw new FormatException("on purpose");
        }, (ref output) => throw new FormatException("on purpose"), () => drops++);
        Post(block, 1, 2, 3);
        block.Complete();
        _pump.Run();
        Assert.True(SpinWait.SpinUntil(() => block.Completion.IsFaulted, TimeSpan.FromSeconds(30)));
        Assert.IsType<FormatException>(block.Completion.Exception!.InnerException);
        Assert.Equal(1, drops);
        Assert.Equal(0, _messages.Live);
    }

    [Fact]
    public void Drop_Throws_IsToldAsWell()
    {
        var block = new Scripted(Options(), (ref input, ref output) => { }, null, () => throw new NotSupportedException("of dropping"));
        ((IDataflowBlock)block).Fault(new FormatException("on purpose"));
        _pump.Run();
        Assert.True(SpinWait.SpinUntil(() => block.Completion.IsFaulted, TimeSpan.FromSeconds(30)));
        Assert.Equal(2, block.Completion.Exception!.InnerExceptions.Count);
    }

    private string FaultOf(ProcessCall process, FlushCall? flush = null)
    {
        var block = new Scripted(Options(), process, flush);
        Post(block, 1, 2, 3);
        block.Complete();
        _pump.Run();
        Assert.True(SpinWait.SpinUntil(() => block.Completion.IsFaulted, TimeSpan.FromSeconds(30)));
        Assert.Equal(0, _messages.Live);
        return block.Completion.Exception!.InnerException!.Message;
    }

    [Fact]
    public void Misuse_IsAnErrorWithTheNumbers()
    {
        Assert.Contains("left 1 of 1 messages", FaultOf((ref input, ref output) => { }), StringComparison.Ordinal);
        Assert.Contains("Message 1 was asked for; 1 are shown", FaultOf((ref input, ref output) => _ = input[1]), StringComparison.Ordinal);
        Assert.Contains("2 messages were taken; 1 are shown", FaultOf((ref input, ref output) => input.Take(2)), StringComparison.Ordinal);
        Assert.Contains("-1 messages were taken", FaultOf((ref input, ref output) => input.Take(-1)), StringComparison.Ordinal);
        Assert.Contains("there was room for", FaultOf((ref input, ref output) =>
        {
            while (true)
                output.Add();
        }), StringComparison.Ordinal);
        Assert.Contains("has more to send", FaultOf((ref input, ref output) => input.Take(input.Count), (ref output) => false), StringComparison.Ordinal);
        Assert.Contains("a parallelism of 3", Assert.Throws<ArgumentOutOfRangeException>(
            () => new Scripted(new SlabBlockOptions { MaxDegreeOfParallelism = 3 }, (ref input, ref output) => { })).Message, StringComparison.Ordinal);
    }
}

public sealed class SmallOwnBlockTests : OwnBlockTests<Small>;

public sealed class LargeOwnBlockTests : OwnBlockTests<Large>;

using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>What a block does with a message whose delegate throws, by policy; over small and large messages.</summary>
public abstract class BlockErrorTests<T> where T : unmanaged, INumbered<T>
{
    private readonly Leases<T> _messages = new();
    private readonly List<int> _seen = [];

    private void Feed(ITargetBlock<Lease<T>> block, int count)
    {
        for (int i = 1; i <= count; i++)
            Assert.True(block.Post(_messages.Make(i)));
        block.Complete();
    }

    private void Handle(ref readonly T message)
    {
        if (message.Number % 3 == 0)
            throw new FormatException($"{message.Number} is a multiple of 3.");
        lock (_seen)
            _seen.Add(message.Number);
    }

    private static SlabBlockOptions With(BlockErrorPolicy policy, int parallelism = 1) =>
        new() { OnError = policy, MaxDegreeOfParallelism = parallelism };

    private void AssertNothingHeld()
    {
        _messages.Reclaim();
        Assert.Equal(0, _messages.Live);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Action_Skips_GoesOnAndCounts(int parallelism)
    {
        var block = new SlabActionBlock<T>(Handle, With(BlockErrorPolicy.Skip, parallelism));
        Feed(block, 10);
        await block.Completion.Guard();

        Assert.Equal([1, 2, 4, 5, 7, 8, 10], _seen.Order());
        Assert.Equal(3, block.Errors);
        AssertNothingHeld();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Action_Faults_DropsTheRest(int parallelism)
    {
        var block = new SlabActionBlock<T>(Handle, With(BlockErrorPolicy.Fault, parallelism));
        for (int i = 1; i <= 100; i++)
        {
            Lease<T> message = _messages.Make(i);
            if (!block.Post(message)) // it may have faulted by now
                message.Dispose();
        }

        await Assert.ThrowsAsync<FormatException>(() => block.Completion.Guard());
        Assert.DoesNotContain(99, _seen);
        AssertNothingHeld();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Action_DeadLetters_GetTheMessageAndTheError(int parallelism)
    {
        var letters = new BufferBlock<DeadLetter<T>>();
        var block = new SlabActionBlock<T>(Handle, With(BlockErrorPolicy.DeadLetter, parallelism)) { DeadLetters = letters };
        Feed(block, 7);
        await block.Completion.Guard();

        Assert.True(letters.TryReceiveAll(out var got));
        Assert.Equal([3, 6], got.Select(letter => letter.Message.Value.Number).Order());
        Assert.All(got, letter => Assert.IsType<FormatException>(letter.Error));
        Assert.Same(letters, block.DeadLetters);
        foreach (DeadLetter<T> letter in got)
            letter.Dispose();
        AssertNothingHeld();
    }

    [Fact]
    public async Task Action_DeadLettersDeclined_AreDropped()
    {
        var full = new BufferBlock<DeadLetter<T>>();
        full.Complete();
        var block = new SlabActionBlock<T>(Handle, With(BlockErrorPolicy.DeadLetter)) { DeadLetters = full };
        Feed(block, 7);
        await block.Completion.Guard();

        Assert.Equal(2, block.Errors);
        AssertNothingHeld();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Action_TriesAgain_UntilItSucceeds(int parallelism)
    {
        int failures = 0;
        var block = new SlabActionBlock<T>((ref readonly T message) =>
        {
            if (message.Number == 2 && Interlocked.Increment(ref failures) < 3)
                throw new FormatException("not yet");
            lock (_seen)
                _seen.Add(message.Number);
        }, With(BlockErrorPolicy.Fault.After(retries: 2, TimeSpan.FromMilliseconds(1)), parallelism));
        Feed(block, 3);
        await block.Completion.Guard();

        Assert.Equal([1, 2, 3], _seen.Order());
        Assert.Equal(0, block.Errors);
        AssertNothingHeld();
    }

    [Fact]
    public async Task Action_TriesAgainInVain_DoesWhatFollows()
    {
        int calls = 0;
        var block = new SlabActionBlock<T>((ref readonly T _) =>
        {
            calls++;
            throw new FormatException("never");
        }, With(BlockErrorPolicy.Skip.After(retries: 2, TimeSpan.Zero)));
        Feed(block, 2);
        await block.Completion.Guard();

        Assert.Equal(6, calls);
        Assert.Equal(2, block.Errors);
        AssertNothingHeld();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Transform_Skips_TheOthersGoOnInOrder(int parallelism)
    {
        var block = new SlabTransformBlock<T, T>((in T input, ref T output) =>
        {
            if (input.Number % 3 == 0)
                throw new FormatException();
            output = input;
        }, With(BlockErrorPolicy.Skip, parallelism));
        await AssertSkips(block, () => block.Errors);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task InPlace_Skips_TheOthersGoOnInOrder(int parallelism)
    {
        var block = new SlabTransformBlock<T>((ref T message) =>
        {
            if (message.Number % 3 == 0)
                throw new FormatException();
        }, With(BlockErrorPolicy.Skip, parallelism));
        await AssertSkips(block, () => block.Errors);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task TransformMany_Skips_TheOthersGoOnInOrder(int parallelism)
    {
        var block = new SlabTransformManyBlock<T, T>((in T input, int index, ref T output) =>
        {
            if (input.Number % 3 == 0)
                throw new FormatException();
            output = input;
            return index == 0;
        }, With(BlockErrorPolicy.Skip, parallelism));
        await AssertSkips(block, () => block.Errors);
    }

    [Fact]
    public async Task AsyncTransform_Skips_TheOthersGoOnInOrder()
    {
        var block = SlabTransformBlock<T, T>.CreateAsync(async (input, output) =>
        {
            await Task.Yield();
            if (input.Value.Number % 3 == 0)
                throw new FormatException();
            output.Value = input.Value;
        }, With(BlockErrorPolicy.Skip, parallelism: 4));
        await AssertSkips(block, () => block.Errors);
    }

    private async Task AssertSkips(SlabPropagatorBlock<Lease<T>, Lease<T>> block, Func<long> errors)
    {
        var sink = new SlabActionBlock<T>((ref readonly T message) => _seen.Add(message.Number));
        block.LinkTo(sink, new DataflowLinkOptions { PropagateCompletion = true });
        Feed(block, 10);
        await sink.Completion.Guard();

        Assert.Equal([1, 2, 4, 5, 7, 8, 10], _seen);
        Assert.Equal(3, errors());
        AssertNothingHeld();
    }

    [Fact]
    public void Policies_SayWhatTheyDo()
    {
        Assert.Equal("Skip", BlockErrorPolicy.Skip.ToString());
        Assert.Contains("after 3 retries", BlockErrorPolicy.Fault.After(3, TimeSpan.Zero).ToString());
        Assert.Contains("0", Assert.Throws<ArgumentOutOfRangeException>(() => BlockErrorPolicy.Fault.After(0, TimeSpan.Zero)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => BlockErrorPolicy.Fault.After(1, TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentNullException>(() => new SlabBlockOptions { OnError = null! });
    }
}

public sealed class SmallBlockErrorTests : BlockErrorTests<Small>;

public sealed class LargeBlockErrorTests : BlockErrorTests<Large>;

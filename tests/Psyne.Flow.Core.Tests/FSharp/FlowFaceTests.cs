using System.Threading.Tasks.Dataflow;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Psyne.Flow.FSharp;
using Flows = Psyne.Flow.FSharp.Flow;

namespace Psyne.Flow.Tests.FSharp;

/// <summary>F# flows as C# sees them: every function is called once.</summary>
public sealed class FlowFaceTests
{
    private static readonly int[] s_numbers = [1, 2, 3, 4];

    private static FSharpFunc<TIn, TOut> F<TIn, TOut>(Func<TIn, TOut> function) => FuncConvert.FromFunc(function);

    private static FSharpFunc<TState, FSharpFunc<T, TState>> F<TState, T>(Func<TState, T, TState> function) => FuncConvert.FromFunc(function);

    private static FSharpFunc<T, Unit> Do<T>(Action<T> action) => FuncConvert.FromAction(action);

    private static Flow<int> Numbers() => Flows.ofSeq(s_numbers);

    private static List<int> All(Flow<int> flow) => [.. Flows.toSeq(flow)];

    [Fact]
    public async Task Sources_AreRead()
    {
        using var channel = Filled();
        using var other = Filled();
        using var third = Filled();

        Assert.Equal(s_numbers, All(Flows.ofChannel(channel)));
        Assert.Equal(s_numbers, All(Flows.ofReader(other.Reader)));
        Assert.Equal(s_numbers, All(Flows.ofBlock(third.Reader.AsSourceBlock())));
        Assert.Equal(s_numbers, All(Flows.ofAsyncSeq(Flows.toTaskSeq(Numbers()))));
        int sum = 0;
        await foreach (int number in Flows.toTaskSeq(Numbers()))
            sum += number;
        Assert.Equal(10, sum);
    }

    [Fact]
    public void Stages_AreComposed()
    {
        Assert.Equal([2, 4, 6, 8], All(Flows.map(F((int number) => number * 2), Numbers())));
        Assert.Equal([2, 4, 6, 8], All(Flows.mapWith((in int from, ref int to) => to = from * 2, Numbers())));
        Assert.Equal([2, 3, 4, 5], All(Flows.mapInPlace((ref int number) => number++, Numbers())));
        Assert.Equal([2, 3, 4, 5], All(Flows.mapAsync(F((int number) => Task.FromResult(number + 1)), Numbers())));
        Assert.Equal([2, 3, 4, 5], All(Flows.mapAsyncWith<int, int>((from, to) =>
        {
            to.Value = from.Value + 1;
            return default;
        }, Numbers())));
        Assert.Equal([2, 4], All(Flows.filter(F((int number) => number % 2 == 0), Numbers())));
        Assert.Equal([20, 40], All(Flows.choose(F((int number) => number % 2 == 0 ? FSharpValueOption<int>.NewValueSome(number * 10) : FSharpValueOption<int>.ValueNone), Numbers())));
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4], All(Flows.collect(F((int number) => (IEnumerable<int>)[number, number]), Numbers())));
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4], All(Flows.collectWith((in int from, int index, ref int to) =>
        {
            to = from;
            return index < 2;
        }, Numbers())));
        Assert.Equal([1, 3, 6, 10], All(Flows.scan(F((int sum, int number) => sum + number), 0, Numbers())));
        Assert.Equal([1, 3, 6, 10], All(Flows.scanWith(new MessageFolder<int, int>((int sum, in int number) => sum + number), 0, Numbers())));
        Assert.Equal(s_numbers, All(Flows.throttle(100, TimeSpan.FromSeconds(1), Numbers())));
        int seen = 0;
        var tapped = Flows.tap(Do((int number) => seen += number), Numbers());
        tapped = Flows.withParallelism(1, Flows.tapWith((ref readonly int number) => seen += number, tapped));
        tapped = Flows.tapObserver(new Adder(number => seen += number), tapped);
        Assert.Equal(s_numbers, All(tapped));
        Assert.Equal(30, seen);
    }

    [Fact]
    public void Batches_AreMadeAndUsed()
    {
        var sum = F((OwnedLeaseBatch<int> batch) => Batches.toArray(batch).Sum());

        Assert.Equal([6, 4], All(Batches.map(sum, Flows.batch(3, Numbers()))));
        Assert.Equal([3, 7], All(Batches.map(sum, Flows.batchBytes(8, 3, Numbers()))));
        Assert.Equal([6, 4], All(Batches.map(sum, Flows.withTimeProvider(TimeProvider.System, Flows.batchWithin(TimeSpan.FromHours(1), 3, Numbers())))));
        Assert.Equal([3, 5, 7], All(Batches.map(sum, Flows.window(2, 1, Numbers()))));
        Assert.Equal([1, 4], All(Batches.mapWith(new BatchMapping<int, int>((OwnedLeaseBatch<int> batch, ref int first) => first = batch[0]), Flows.batch(3, Numbers()))));
        Assert.Equal(s_numbers, All(Batches.concat(Flows.batch(3, Numbers()))));
        int count = 0;
        Run(Batches.iter(Do((OwnedLeaseBatch<int> batch) => count += batch.Count), Flows.batch(3, Numbers())));
        Run(Batches.iterTask(F((OwnedLeaseBatch<int> batch) =>
        {
            count += batch.Count;
            return Task.FromResult<Unit>(null!);
        }), Flows.batch(3, Numbers())));
        Assert.Equal(8, count);
        Assert.Equal(4, Run(Batches.fold(F((int all, OwnedLeaseBatch<int> batch) => all + batch.Count), 0, Flows.batch(3, Numbers()))));
    }

    [Fact]
    public void Flows_AreBroughtTogetherAndApart()
    {
        Assert.Equal(20, All(Flows.merge(ListModule.OfSeq([Numbers(), Numbers()]))).Sum());
        Assert.Equal([1, 4, 9, 16], All(Flows.zipWith(new MessageZip<int, int, int>((in int one, in int other, ref int product) => product = one * other), Numbers(), Numbers())));
        Assert.Equal((2, 2), Flows.toSeq(Flows.zip(Numbers(), Numbers())).ElementAt(1));
        var branches = Flows.broadcast(2, Numbers());
        Assert.Equal(20, All(Flows.merge(branches)).Sum());
        var (even, odd) = Flows.split(F((int number) => number % 2 == 0), Numbers());
        var add = F((int sum, int number) => sum + number);
        var sums = Run(Flows.both(Flows.fold(add, 0, even), Flows.fold(add, 0, odd)));
        Assert.Equal((6, 4), (sums.Item1, sums.Item2));
    }

    [Fact]
    public void Options_Chain()
    {
        var letters = new BufferBlock<DeadLetter<int>>();
        var fails = Flows.map(F((int number) => number == 3 ? throw new FormatException() : number), Numbers());
        var flow = Flows.withName("c#", Flows.withCapacity(8, Flows.withBytes(1024, Flows.withSizeFactor(0, Flows.unordered(fails)))));

        Assert.Equal([1, 2, 4], All(Flows.skipOnError(Flows.retryOnError(1, TimeSpan.Zero, flow))));
        Assert.Throws<FormatException>(() => All(Flows.faultOnError(flow)));
        Assert.Equal([1, 2, 4], All(Flows.deadLetterOnError(letters, flow)));
        Assert.True(letters.TryReceive(out var letter));
        using (letter)
            Assert.Equal(3, letter.Message.Value);
        var refused = Assert.Throws<FlowException>(() => Flows.withParallelism(2, Flows.scan(F((int sum, int number) => sum + number), 0, flow)));
        Assert.Equal("scan", refused.Stage);
        Assert.StartsWith("flowchart LR", Flows.toMermaid(flow));
        Assert.StartsWith("digraph", Flows.toDot(flow));
    }

    [Fact]
    public async Task Ends_AreRun()
    {
        int sum = 0;
        using var target = SlabChannel.CreateMpsc<int>();
        var block = new SlabBufferBlock<int>();

        Run(Flows.iter(Do((int number) => sum += number), Numbers()));
        Run(Flows.iterWith((ref readonly int number) => sum += number, Numbers()));
        Run(Flows.iterTask(F((Lease<int> lease) =>
        {
            sum += lease.Value;
            return Task.FromResult<Unit>(null!);
        }), Numbers()));
        sum += Run(Flows.foldWith(new MessageFolder<int, int>((int all, in int number) => all + number), 0, Numbers()));
        Flows.wait(Flows.runWith(Do((int number) => sum += number), Numbers()));
        Assert.Equal(50, sum);
        Run(Flows.toWriter(target.Writer, Numbers()));
        Run(Flows.toChannel(target, Numbers()));
        Assert.Equal((8, true), (target.Count, target.Writer.IsClosed));
        Run(Flows.toBlock(block, Numbers()));
        Assert.Equal(4, block.Count);
        var observed = new TaskCompletionSource();
        using var subscription = Flows.observe(Numbers()).Subscribe(new Adder(number => sum += number, observed));
        await observed.Task;
        Assert.Equal(60, sum);
        Assert.Equal(2, Run(Flows.all(ListModule.OfSeq([Flows.iter(Do((int _) => { }), Numbers()), Flows.iter(Do((int _) => { }), Numbers())]))).Length);
    }

    [Fact]
    public async Task Run_IsCancelled()
    {
        using var channel = SlabChannel.CreateSpsc<int>();
        await using var running = Flows.run(Flows.withCancellation(CancellationToken.None, Flows.iter(Do((int _) => { }), Flows.ofChannel(channel))));

        running.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Completion);
        Assert.Equal(0, running.Errors);
        Assert.Contains("iter", running.Statistics.Select(stage => stage.Item1));
    }

    private static TResult Run<TResult>(Pipeline<TResult> pipeline) => Flows.wait(Flows.run(pipeline));

    private static SlabChannel<int> Filled()
    {
        var channel = SlabChannel.CreateSpsc<int>();
        foreach (int number in s_numbers)
            channel.Writer.Publish(number);
        channel.Complete();
        return channel;
    }

    private sealed class Adder(Action<int> add, TaskCompletionSource? ended = null) : IObserver<int>
    {
        public void OnNext(int value) => add(value);

        public void OnError(Exception error) => ended?.SetException(error);

        public void OnCompleted() => ended?.SetResult();
    }
}

using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>Messages that are tried again after a while: no thread waits with them, nothing overtakes them, and each has its own number of tries.</summary>
public abstract class RetryTests<T> where T : unmanaged, INumbered<T>
{
    private readonly Leases<T> _messages = new();
    private readonly PumpScheduler _pump = new();
    private readonly List<int> _calls = [];
    private readonly HashSet<int> _failing = [];
    private int _failures;

    /// <summary>What every delegate does: notes the call, and throws where the test says so.</summary>
    private void Meet(int number)
    {
        lock (_calls)
        {
            _calls.Add(number);
            if (_failing.Contains(number) && _calls.Count(call => call == number) <= _failures)
                throw new FormatException($"not yet: {number}");
        }
    }

    public static TheoryData<string, int> Blocks => new()
    {
        { "action", 1 }, { "action", 3 }, { "action async", 1 }, { "transform", 1 }, { "transform", 3 }, { "transform async", 1 },
        { "in place", 1 }, { "in place", 3 }, { "many", 1 }, { "many", 3 },
    };

    private (ITargetBlock<Lease<T>> Target, SlabSourceBlock<Lease<T>>? Source) Make(string kind, int parallelism, BlockErrorPolicy policy)
    {
        var options = new SlabBlockOptions { TaskScheduler = _pump, MaxDegreeOfParallelism = parallelism, OnError = policy };
        switch (kind)
        {
            case "action":
                return (new SlabActionBlock<T>((ref readonly T message) => Meet(message.Number), options), null);
            case "action async":
                return (SlabActionBlock<T>.CreateAsync(async lease =>
                {
                    await Task.Yield();
                    Meet(lease.Value.Number);
                }, options), null);
            case "transform":
                var transform = new SlabTransformBlock<T, T>((in T input, ref T output) =>
                {
                    Meet(input.Number);
                    output = input;
                }, options);
                return (transform, transform);
            case "transform async":
                var later = SlabTransformBlock<T, T>.CreateAsync(async (input, output) =>
                {
                    await Task.Yield();
                    Meet(input.Value.Number);
                    output.Value = input.Value;
                }, options);
                return (later, later);
            case "in place":
                var inPlace = new SlabTransformBlock<T>((ref T message) => Meet(message.Number), options);
                return (inPlace, inPlace);
            default:
                var many = new SlabTransformManyBlock<T, T>((in T input, int index, ref T output) =>
                {
                    if (index == 1)
                        Meet(input.Number);
                    output = input;
                    return index < 2;
                }, options);
                return (many, many);
        }
    }

    /// <summary>Runs what is there to run until the block has ended.</summary>
    private async Task PumpUntil(Task end)
    {
        while (!end.IsCompleted)
        {
            _pump.Run();
            await Task.WhenAny(end, Task.Delay(1));
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Delayed_HoldsNoThread_KeepsTheOrder(string kind, int parallelism)
    {
        _failing.UnionWith([2, 3]);
        _failures = 2;
        var (target, source) = Make(kind, parallelism, BlockErrorPolicy.Fault.After(retries: 2, TimeSpan.FromMilliseconds(20)));
        var received = new List<int>();
        var sink = new ActionBlock<Lease<T>>(lease =>
        {
            using (lease)
                received.Add(lease.Value.Number);
        });
        source?.LinkTo(sink, new DataflowLinkOptions { PropagateCompletion = true });
        // One share of each is held elsewhere: what is changed in place is a copy.
        List<Lease<T>> shares = [];
        foreach (int number in (int[])[1, 2, 3, 4])
        {
            Lease<T> message = _messages.Make(number);
            shares.Add(message.Retain());
            Assert.True(target.Post(message));
        }
        target.Complete();
        await PumpUntil(source is null ? target.Completion : sink.Completion).Guard();
        await target.Completion.Guard();

        Assert.Equal([1, 2, 2, 2, 3, 3, 3, 4], _calls.Order());
        if (source is not null)
            Assert.Equal(kind == "many" ? [1, 1, 2, 2, 3, 3, 4, 4] : [1, 2, 3, 4], received);
        if (parallelism == 1 && !kind.Contains("async", StringComparison.Ordinal))
            Assert.Equal(_calls.Order(), _calls); // nothing overtook
        shares.ForEach(share => share.Dispose());
        Assert.Equal(0, _messages.Live);
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Delayed_TheBlockFaults_EndsAtOnceAndGivesTheMessageBack(string kind, int parallelism)
    {
        _failing.Add(1);
        _failures = 100;
        var (target, _) = Make(kind, parallelism, BlockErrorPolicy.Skip.After(retries: 3, TimeSpan.FromHours(1)));
        Assert.True(target.Post(_messages.Make(1)));
        Assert.True(target.Post(_messages.Make(2)));
        while (!_calls.Contains(1))
            await PumpUntil(Task.Delay(1));
        target.Fault(new InvalidOperationException("on purpose"));
        Task ended = Assert.ThrowsAsync<InvalidOperationException>(() => target.Completion);
        await PumpUntil(ended).Guard();
        await ended;
        Assert.Equal(1, _calls.Count(call => call == 1));
        Assert.Equal(0, _messages.Live);
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task InVain_TheOthersAreTriedAsOften(string kind, int parallelism)
    {
        _failing.UnionWith([1, 3]);
        _failures = 100;
        var (target, source) = Make(kind, parallelism, BlockErrorPolicy.Skip.After(retries: 2, TimeSpan.FromMilliseconds(1)));
        source?.LinkTo(new Discard<Lease<T>>());
        for (int number = 1; number <= 4; number++)
            Assert.True(target.Post(_messages.Make(number)));
        target.Complete();
        await PumpUntil(target.Completion).Guard();
        await target.Completion;
        Assert.Equal([1, 1, 1, 2, 3, 3, 3, 4], _calls.Order());
        Assert.Equal(0, _messages.Live);
    }
}

public sealed class SmallRetryTests : RetryTests<Small>;

public sealed class LargeRetryTests : RetryTests<Large>;

using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>
/// The blocks, probes and messages of one test. At its end everything is taken out of the blocks, and every message that
/// the test made has to have come back, but for those that it said were dropped.
/// </summary>
public abstract class DataflowFixture<T>(Func<Messages<T>> messages) : IAsyncDisposable
{
    private readonly List<IBlockUnderTest> _blocks = [];
    private readonly List<ProbeSource<T>> _sources = [];
    private int _dropped;

    protected Messages<T> Messages { get; } = messages();

    protected PumpScheduler Pump { get; } = new();

    /// <summary>Why a rule can't hold for this leaf, or null where it holds.</summary>
    protected virtual string? WhyNot(string rule) => null;

    protected void Applies(string rule)
    {
        if (WhyNot(rule) is { } reason)
            Assert.Skip($"{rule}: {reason}");
    }

    protected ExecutionDataflowBlockOptions Options(int boundedCapacity = DataflowBlockOptions.Unbounded) =>
        new() { BoundedCapacity = boundedCapacity, TaskScheduler = Pump };

    protected ExecutionDataflowBlockOptions Options(CancellationToken token) =>
        new() { CancellationToken = token, TaskScheduler = Pump };

    protected TBlock Track<TBlock>(TBlock block) where TBlock : IBlockUnderTest
    {
        _blocks.Add(block);
        return block;
    }

    protected ProbeTarget<T> NewTarget(DataflowMessageStatus reply = DataflowMessageStatus.Accepted) => new(Messages) { Reply = reply };

    protected ProbeSource<T> NewSource()
    {
        var source = new ProbeSource<T>(Messages);
        _sources.Add(source);
        return source;
    }

    /// <summary>The block drops so many of its messages.</summary>
    protected void Drops(IBlockUnderTest block, int count)
    {
        if (!block.FreesWhatItDrops)
            Loses(count);
    }

    /// <summary>So many messages go where nobody gives them back.</summary>
    protected void Loses(int count) => _dropped += count * Messages.Weight;

    /// <summary>Runs until all that can move has moved, and is taken out.</summary>
    protected void Drain()
    {
        int rounds = 0;
        do
        {
            Pump.Run();
            Assert.True(++rounds < 100_000, "The block gives for ever.");
        }
        while (TakeOut());
    }

    /// <summary>Runs and takes out until the task has ended, whatever the end; a hang fails.</summary>
    protected Task Drain(Task until) => Pump.RunUntil(until, TakeOut);

    /// <summary>Runs, but leaves what is put out, until the task has ended.</summary>
    protected Task RunUntil(Task until) => Pump.RunUntil(until);

    /// <summary>Drains until the block has ended, and gives how; its exceptions are in the task.</summary>
    protected async Task<TaskStatus> End(IBlockUnderTest block)
    {
        await Drain(block.Block.Completion);
        return block.Block.Completion.Status;
    }

    protected bool Post(ITargetBlock<T> target, int value)
    {
        T message = Messages.Make(value);
        bool posted = target.Post(message);
        if (!posted)
            Messages.Free(message);
        return posted;
    }

    /// <summary>As SendAsync; a message that stays with its sender is freed by it.</summary>
    protected async Task<bool> Send(ITargetBlock<T> target, int value, CancellationToken token = default)
    {
        T message = Messages.Make(value);
        bool sent = false;
        try
        {
            sent = await target.SendAsync(message, token);
        }
        finally
        {
            if (!sent)
                Messages.Free(message);
        }
        return sent;
    }

    /// <summary>Runs on another thread and waits for it: a lock that the caller holds makes it hang, and fail.</summary>
    protected static void Elsewhere(Action work) => Hang.Start(work).Guard().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Drain();
        foreach (ProbeSource<T> source in _sources)
            source.Dispose();
        int lost = Messages.ReclaimsDropped ? 0 : _dropped;
        // A stock block's own work may still be queued in the thread pool, and hold the block.
        SpinWait.SpinUntil(() =>
        {
            Messages.Reclaim();
            return Messages.Live == lost;
        }, TimeSpan.FromSeconds(30));
        Assert.Equal(lost, Messages.Live);
        await ValueTask.CompletedTask;
    }

    private bool TakeOut()
    {
        bool any = false;
        foreach (IBlockUnderTest block in _blocks)
            any |= block.TakeOut();
        return any;
    }
}

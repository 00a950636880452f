using Psyne.Flow.Waiting;
using Xunit;

namespace Psyne.Flow.Tests.Waiting;

/// <summary>Interleavings that a stress test hardly meets, done step by step on workers that are not started.</summary>
public sealed class WorkerCrewTests : IAsyncDisposable
{
    private static readonly IThreadPoolWorkItem s_item = new Item();

    private readonly WorkerPool _owner = new(new WorkerPoolOptions { Workers = 1 });
    private readonly WorkerCrew _crew;
    private readonly Worker _first;
    private readonly Worker _second;

    public WorkerCrewTests()
    {
        _crew = new WorkerCrew(_owner, 2);
        (_first, _second) = (_crew.Workers[0], _crew.Workers[1]);
    }

    public ValueTask DisposeAsync() => _owner.DisposeAsync();

    [Fact]
    public void PassWakeOn_WakeWentToAWorkerThatTookAnotherItem_WakesTheNext()
    {
        // The second worker sleeps; the first has announced itself and then found an item.
        _crew.Announce(_second);
        Assert.False(_crew.TryFind(_second, out _));
        Assert.False(_crew.SettleOrEnd());
        _first.Queue.Enqueue(s_item);
        _crew.Announce(_first);
        Assert.True(_crew.TryFind(_first, out _));

        // Another item comes: the wake goes to the first worker, which is about to run something long.
        _crew.Enqueue(s_item);
        Assert.True(_first.IsSignalled);
        Assert.False(_second.IsSignalled);

        _crew.Withdraw(_first, wasSettled: false);
        _crew.PassWakeOn();
        Assert.True(_second.IsSignalled);
        Assert.Equal(0, _crew.IdleCount);
    }

    [Fact]
    public void PassWakeOn_NothingLeft_WakesNobody()
    {
        _crew.Announce(_second);
        _crew.PassWakeOn();
        Assert.False(_second.IsSignalled);
        Assert.Equal(1, _crew.IdleCount);
    }

    [Fact]
    public void SettleOrEnd_AnotherWorkerHoldsAnItemYet_DoesNotEnd()
    {
        _first.Queue.Enqueue(s_item);
        _crew.Announce(_first);
        Assert.True(_crew.TryFind(_first, out _)); // not withdrawn yet: idle by name, but it holds an item
        _crew.Close();
        _crew.Announce(_second);
        Assert.False(_crew.TryFind(_second, out _));
        Assert.False(_crew.SettleOrEnd());

        _crew.Withdraw(_first, wasSettled: false);
        _crew.Announce(_first);
        Assert.False(_crew.TryFind(_first, out _));
        Assert.True(_crew.SettleOrEnd());
    }

    [Fact]
    public void SettleOrEnd_ItemQueuedMeanwhile_DoesNotEnd()
    {
        _crew.Announce(_first);
        Assert.False(_crew.SettleOrEnd());
        _crew.Announce(_second);
        _crew.Enqueue(s_item);
        _crew.Close();
        Assert.False(_crew.SettleOrEnd());
    }

    private sealed class Item : IThreadPoolWorkItem
    {
        public void Execute()
        {
        }
    }
}

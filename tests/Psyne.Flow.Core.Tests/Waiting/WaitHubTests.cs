using Psyne.Flow.Atomics;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Tests.Waiting;

/// <summary>Waits on a target that others compete for, with each answer to "is it there?" written down beforehand.</summary>
public sealed class WaitHubTests : IDisposable
{
    private readonly Slab _slab = Slab.Allocate(new SlabOptions { Bytes = WaitGate<HardwareAtomics>.Size });
    private readonly WaitHub _hub;

    public unsafe WaitHubTests() => _hub = new WaitHub(new WaitGate<HardwareAtomics>(_slab.Base));

    public void Dispose() => _slab.Dispose();

    /// <summary>Gives the answers in turn, and then says whether it was set.</summary>
    private sealed class Scripted(params bool[] answers) : IWaitTarget
    {
        private readonly Queue<bool> _answers = new(answers);

        internal volatile bool Set;

        public bool IsReady => _answers.TryDequeue(out var answer) ? answer : Set;

        public bool Result() => true;
    }

    [Fact]
    public async Task WaitAsync_ThereAndGoneWhileItIsListed_WaitsOn()
    {
        var target = new Scripted(false, true, false);
        var wait = _hub.WaitAsync(target, CancellationToken.None).AsTask();
        Assert.False(wait.IsCompleted);
        Assert.True(_hub.Gate.HasWaiters);
        target.Set = true;
        _hub.Wake();
        Assert.True(await wait.Guard());
        Assert.False(_hub.Gate.HasWaiters);
    }

    [Fact]
    public async Task WaitAsync_ThereAndGoneManyTimes_WaitsOn()
    {
        var target = new Scripted(false, true, false, true, false, true, true);
        Assert.True(await _hub.WaitAsync(target, CancellationToken.None).Guard());
        Assert.False(_hub.Gate.HasWaiters);
    }

    [Fact]
    public async Task WaitAsync_CancelledWhileItIsListed_IsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        var wait = _hub.WaitAsync(new Scripted(), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Guard());
        Assert.False(_hub.Gate.HasWaiters);
    }

    [Fact]
    public async Task WaitAsync_SignalledForNothing_WaitsOnAndCanBeCancelled()
    {
        using var cancel = new CancellationTokenSource();
        var wait = _hub.WaitAsync(new Scripted(), cancel.Token).AsTask();
        for (var i = 0; i < 5; i++)
        {
            _hub.Wake();
            Hang.Until(() => wait.IsCompleted || _hub.Gate.HasWaiters);
        }
        Assert.False(wait.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Guard());
    }

    [Fact]
    public async Task WaitAsync_CancelledInAnyOrder_TheOthersWaitOn()
    {
        var target = new Scripted();
        var cancellations = Enumerable.Range(0, 3).Select(_ => new CancellationTokenSource()).ToArray();
        var waits = cancellations.Select(cancellation => _hub.WaitAsync(target, cancellation.Token).AsTask()).ToArray();
        foreach (var gone in new[] { 1, 2 })
        {
            await cancellations[gone].CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits[gone].Guard());
        }
        Assert.True(_hub.Gate.HasWaiters);
        Assert.False(waits[0].IsCompleted);
        target.Set = true;
        _hub.Wake();
        Assert.True(await waits[0].Guard());
        Assert.False(_hub.Gate.HasWaiters);
        Array.ForEach(cancellations, cancellation => cancellation.Dispose());
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Waiting;

/// <summary>One side's waiters: threads, awaiting methods and selectors, behind one <see cref="WaitGate{TAtomics}"/>.</summary>
/// <remarks>Thread-safe. <c>_lock</c> guards the list of nodes and the spare waiters; nothing is called under it.</remarks>
internal sealed class WaitHub(WaitGate<HardwareAtomics> gate)
{
    private readonly Lock _lock = new();
    private WaitNode? _first;
    private AsyncWaiter? _spare;
    private long _waits;

    internal bool IsIdle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => gate.IsIdle;
    }

    internal bool IsClosed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => gate.IsClosed;
    }

    internal bool IsSealed => gate.IsSealed;

    internal WaitGate<HardwareAtomics> Gate => gate;

    /// <summary>How often somebody had to wait: an approximate count.</summary>
    internal long Waits => _waits;

    internal bool Close() => gate.Close();

    /// <summary>Wakes every waiter, to look again. For who saw that the gate is not idle.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Wake()
    {
        if (!gate.HasWaiters || !gate.TryWake())
            return;
        WaitNode? node;
        lock (_lock)
        {
            node = _first;
            _first = null;
            for (var n = node; n is not null; n = n.Next)
            {
                n.Listed = false;
                gate.Leave();
            }
        }
        while (node is not null)
        {
            var next = node.Next;
            node.Next = node.Previous = null;
            node.Signal();
            node = next;
        }
    }

    /// <summary>Waits on this thread. True when the target is ready, false on timeout.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    internal bool Wait(IWaitTarget target, IdleStrategy idle, int timeoutMilliseconds, CancellationToken cancellationToken)
    {
        if (target.IsReady)
            return true;
        cancellationToken.ThrowIfCancellationRequested();
        if (timeoutMilliseconds == 0)
            return false;
        _waits++;
        var deadline = timeoutMilliseconds < 0 ? long.MaxValue
            : Stopwatch.GetTimestamp() + timeoutMilliseconds * (Stopwatch.Frequency / 1000);
        return SpinBudget.Spin(target, idle, deadline, cancellationToken)
            || (idle.Parks && Park(target, deadline, cancellationToken));
    }

    private bool Park(IWaitTarget target, long deadline, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(static hub => ((WaitHub)hub!).Wake(), this)
            : default;
        var epoch = gate.Enter();
        try
        {
            while (!target.IsReady)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var left = -1;
                if (deadline != long.MaxValue)
                {
                    var ticks = deadline - Stopwatch.GetTimestamp();
                    if (ticks <= 0)
                        return false;
                    left = (int)Math.Min(int.MaxValue, ticks / (Stopwatch.Frequency / 1000) + 1);
                }
                gate.Park(epoch, left);
                epoch = gate.Arm();
            }
            return true;
        }
        finally
        {
            gate.Leave();
        }
    }

    /// <summary>Waits without a thread and, in steady state, without allocating.</summary>
    internal ValueTask<bool> WaitAsync(IWaitTarget target, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(cancellationToken);
        if (target.IsReady)
            return Finished(target);
        _waits++;
        var waiter = Rent();
        waiter.Start(target, cancellationToken);
        while (true)
        {
            Add(waiter);
            if (!(target.IsReady || cancellationToken.IsCancellationRequested) || !TryRemove(waiter))
                return waiter.Task;
            // What was there a moment ago may have gone to somebody else: then it waits on.
            var ready = target.IsReady;
            if (!ready && !cancellationToken.IsCancellationRequested)
                continue;
            waiter.Return();
            return ready ? Finished(target) : ValueTask.FromCanceled<bool>(cancellationToken);
        }
    }

    private static ValueTask<bool> Finished(IWaitTarget target)
    {
        try
        {
            return new ValueTask<bool>(target.Result());
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return ValueTask.FromException<bool>(fault);
        }
    }

    /// <summary>Lists a node. The channel must be looked at again afterwards: it may have been signalled just before.</summary>
    internal void Add(WaitNode node)
    {
        // Announced before it is listed, so that nobody takes a waiter off the count who isn't in it; and again after, since
        // a signal between the two finds no node.
        gate.Enter();
        lock (_lock)
        {
            Debug.Assert(!node.Listed);
            node.Listed = true;
            node.Previous = null;
            node.Next = _first;
            if (_first is not null)
                _first.Previous = node;
            _first = node;
        }
        gate.Arm();
    }

    /// <summary>Takes a node off the list. False when it was signalled already.</summary>
    internal bool TryRemove(WaitNode node)
    {
        lock (_lock)
        {
            if (!node.Listed)
                return false;
            node.Listed = false;
            if (node.Previous is null)
                _first = node.Next;
            else
                node.Previous.Next = node.Next;
            if (node.Next is not null)
                node.Next.Previous = node.Previous;
            node.Next = node.Previous = null;
        }
        gate.Leave();
        return true;
    }

    private AsyncWaiter Rent()
    {
        lock (_lock)
        {
            if (_spare is not { } waiter)
                return new AsyncWaiter(this);
            _spare = (AsyncWaiter?)waiter.Next;
            waiter.Next = null;
            return waiter;
        }
    }

    internal void Return(AsyncWaiter waiter)
    {
        lock (_lock)
        {
            waiter.Next = _spare;
            _spare = waiter;
        }
    }
}

namespace Psyne.Flow.ModelChecking;

/// <summary>
/// Chooses which logical thread takes the next step. It has no lock: only the holder of the baton calls it.
/// </summary>
/// <remarks>
/// Preemption bounding and the fair treatment of yielding threads follow Musuvathi and Qadeer (CHESS: PLDI 2007,
/// Fair stateless model checking: PLDI 2008).
/// </remarks>
internal sealed class Scheduler(Execution execution)
{
    /// <summary>A thread pauses this often before it must let those go first that haven't run since.</summary>
    private const int FreePauses = 2;

    private readonly List<(LogicalThread Thread, WakeReason Reason)> _candidates = [];
    private long _news;

    public void Reset() => _news = 0;

    /// <summary>Something happened that others may be waiting for in Pause.</summary>
    public void AddNews(LogicalThread by)
    {
        _news++;
        by.OwnNews++;
    }

    /// <summary>Before a step of <paramref name="current"/>, which could go on: who takes the next step?</summary>
    public LogicalThread Continue(LogicalThread current) => Pick(current, canContinue: true)!;

    /// <summary>Puts a thread that looked in vain behind the others, until there is news for it.</summary>
    public void Pause(LogicalThread thread)
    {
        thread.Status = ThreadStatus.Paused;
        if (++thread.Pauses > FreePauses)
        {
            thread.Behind |= RunnableMask() & ~thread.RanSincePause & ~(1 << thread.Index);
        }

        thread.RanSincePause = 0;
    }

    /// <summary>Who goes on when <paramref name="current"/> waits or has ended; null if nobody can.</summary>
    public LogicalThread? SwitchFrom(LogicalThread? current) => Pick(current, canContinue: false);

    private LogicalThread? Pick(LogicalThread? current, bool canContinue)
    {
        if (canContinue && !execution.Bounds.CanPreempt)
        {
            return current;
        }

        FindCandidates(current, canContinue);
        if (_candidates.Count == 0)
        {
            return null;
        }

        var choice = 0;
        if (_candidates.Count > 1 && (canContinue || execution.Bounds.CanSwitch))
        {
            choice = execution.Choose(_candidates.Count, canContinue ? ChoiceKind.Preemption : ChoiceKind.Switch);
        }

        if (choice > 0)
        {
            Pay(canContinue, _candidates[choice].Reason);
        }

        var (thread, reason) = _candidates[choice];
        Resume(thread, reason);
        return thread;
    }

    private void Pay(bool preempts, WakeReason reason)
    {
        if (preempts)
        {
            execution.Bounds.UsePreemption();
        }
        else if (reason == WakeReason.Run)
        {
            execution.Bounds.UseSwitch();
        }

        if (reason == WakeReason.Timeout)
        {
            execution.Bounds.UseTimeout();
        }
        else if (reason == WakeReason.Spurious)
        {
            execution.Bounds.UseSpuriousWake();
        }
    }

    private void FindCandidates(LogicalThread? current, bool canContinue)
    {
        _candidates.Clear();
        if (canContinue)
        {
            _candidates.Add((current!, WakeReason.Run));
        }

        var runnable = RunnableMask();
        for (var i = 1; i <= execution.Threads.Length; i++)
        {
            var thread = InTurn(current, i);
            if (thread != current && (runnable & (1 << thread.Index)) != 0 && (thread.Behind & runnable) == 0)
            {
                _candidates.Add((thread, WakeReason.Run));
            }
        }

        if (_candidates.Count == 0)
        {
            AddHeldBack(current);
        }

        AddParked();
    }

    /// <summary>Nobody else wants to run: those that let others go first may, last of all the one that just paused.</summary>
    private void AddHeldBack(LogicalThread? current)
    {
        for (var i = 1; i <= execution.Threads.Length; i++)
        {
            var thread = InTurn(current, i);
            if (thread != current && IsRunnable(thread))
            {
                _candidates.Add((thread, WakeReason.Run));
            }
        }

        if (_candidates.Count == 0 && current is not null && IsRunnable(current))
        {
            _candidates.Add((current, WakeReason.Run));
        }
    }

    private void AddParked()
    {
        // When only parked threads are left, time passes until one of them times out.
        var timesOut = _candidates.Count == 0 || execution.Bounds.CanTimeOut;
        foreach (var thread in execution.Threads)
        {
            if (thread.Status == ThreadStatus.Parked && thread.CanTimeOut && timesOut)
            {
                _candidates.Add((thread, WakeReason.Timeout));
            }
        }

        foreach (var thread in execution.Threads)
        {
            if (thread.Status == ThreadStatus.Parked && execution.Bounds.CanWakeSpuriously)
            {
                _candidates.Add((thread, WakeReason.Spurious));
            }
        }
    }

    private void Resume(LogicalThread thread, WakeReason reason)
    {
        foreach (var other in execution.Threads)
        {
            other.Behind &= ~(1 << thread.Index);
            other.RanSincePause |= 1 << thread.Index;
        }

        thread.HasTimedOut = reason == WakeReason.Timeout;
        if (thread.Status == ThreadStatus.Paused)
        {
            thread.SeenNews = _news - thread.OwnNews;
            thread.HasReadStale = false;
        }

        thread.Status = ThreadStatus.Ready;
    }

    /// <summary>The thread that comes <paramref name="places"/> after another, round robin.</summary>
    private LogicalThread InTurn(LogicalThread? current, int places) =>
        execution.Threads[((current?.Index ?? -1) + places) % execution.Threads.Length];

    private int RunnableMask()
    {
        var mask = 0;
        foreach (var thread in execution.Threads)
        {
            mask |= IsRunnable(thread) ? 1 << thread.Index : 0;
        }

        return mask;
    }

    private bool IsRunnable(LogicalThread thread) => thread.Status switch
    {
        ThreadStatus.Ready => true,
        ThreadStatus.Paused => thread.HasReadStale || _news - thread.OwnNews > thread.SeenNews,
        _ => false,
    };
}

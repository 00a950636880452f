using System.Diagnostics.CodeAnalysis;

namespace Psyne.Flow.ModelChecking;

/// <summary>
/// The execution that is under way: who holds the baton, what is left of the bounds, and how it failed. Operations
/// of the seam are in the other part.
/// </summary>
internal sealed partial class Execution
{
    /// <summary>One execution takes microseconds; after this, a thread of it must be stuck outside the seam.</summary>
    private const int StuckMilliseconds = 60_000;

    [ThreadStatic]
    private static Execution? t_current;

    private readonly ChoiceSequence _choices;
    private readonly Scheduler _scheduler;
    private readonly SharedMemory _shared;
    private readonly ShadowMemory _shadow;
    private readonly LogicalThread[] _threads;
    private readonly LogicalThread _main = new(LogicalThread.MainIndex);
    private readonly Gate _over = new();
    private LogicalThread _current;
    private long _number;
    private int _nextLocation;
    private bool _aborting;

    public Execution(ModelOptions options, int threads, ModelMemory memory, ChoiceSequence choices)
    {
        Options = options;
        Memory = memory;
        _choices = choices;
        _scheduler = new Scheduler(this);
        _shared = options.Model == MemoryModel.Weak ? new WeakMemory(this) : new TsoMemory(this);
        _shadow = new ShadowMemory(memory);
        _threads = [.. Enumerable.Range(0, threads).Select(index => new LogicalThread(index))];
        _current = _main;
    }

    /// <summary>The execution that the calling OS thread takes part in.</summary>
    public static Execution Required => t_current ?? throw new InvalidOperationException(
        "ModelAtomics works only inside a scenario that Model.Check runs.");

    public ModelOptions Options { get; }

    public ModelMemory Memory { get; }

    public Bounds Bounds { get; } = new();

    public ReadOnlySpan<LogicalThread> Threads => _threads;

    /// <summary>Null while searching: see <see cref="Trace"/>.</summary>
    public Trace? Trace { get; private set; }

    public int Steps { get; private set; }

    public int CrashedThread { get; private set; }

    public FailureKind? Failure { get; private set; }

    public string Reason { get; private set; } = "";

    /// <summary>A thread hangs outside the seam: nobody may wait for it.</summary>
    public bool IsStuck { get; private set; }

    public Exception? Inner { get; private set; }

    public void Enlist() => t_current = this;

    public static void Leave() => t_current = null;

    /// <summary>Runs one execution on the caller and on the workers of <paramref name="scenario"/>'s threads.</summary>
    public void Run(IScenario scenario, bool random, Trace? trace)
    {
        Reset(random, trace);
        if (!Guard(() => scenario.Setup(Memory)))
        {
            return;
        }

        foreach (var thread in _threads)
        {
            thread.Reset(_main);
        }

        _main.Clock[_main.Index]++;
        if (Guard(() => HandOver(_scheduler.SwitchFrom(null)!)))
        {
            WaitForEnd();
        }

        _current = _main;
        if (Failure is null)
        {
            Guard(() => Finish(scenario));
        }

        if (Failure is null && !_choices.IsFollowed)
        {
            SetFailure(FailureKind.Nondeterminism, "the same choices led to a shorter execution.", null);
        }

        Unwind();
    }

    /// <summary>The body of a worker: one logical thread's part of one execution.</summary>
    public void RunThread(LogicalThread thread, IScenario scenario)
    {
        thread.IsInside = true;
        thread.IsScheduled = true;
        var finished = Guard(() => scenario.Run(thread.Index)) && !_aborting;
        LogicalThread? next = null;
        if (finished)
        {
            Guard(() => next = End(thread, ThreadStatus.Finished));
        }

        thread.IsInside = false;
        if (next is null)
        {
            _over.Open();
        }
        else
        {
            HandOver(next);
        }
    }

    /// <summary>One of <paramref name="count"/> alternatives; 0 is the usual one.</summary>
    public int Choose(int count, ChoiceKind kind)
    {
        if (_choices.Choose(count, kind) is { } choice)
        {
            return choice;
        }

        Fail(FailureKind.Nondeterminism, "the same choices led to an execution with other alternatives.");
        return 0;
    }

    [DoesNotReturn]
    public void Fail(FailureKind kind, string reason, Exception? inner = null)
    {
        SetFailure(kind, reason, inner);
        throw ExecutionAborted.Instance;
    }

    private void SetFailure(FailureKind kind, string reason, Exception? inner)
    {
        if (Failure is null)
        {
            Failure = kind;
            Reason = reason;
            Inner = inner;
        }

        _aborting = true;
    }

    private void Reset(bool random, Trace? trace)
    {
        _number++;
        _nextLocation = 0;
        _aborting = false;
        Trace = trace;
        Steps = 0;
        CrashedThread = -1;
        Failure = null;
        Reason = "";
        Inner = null;
        Bounds.Reset(Options, random);
        Memory.Reset();
        _scheduler.Reset();
        _shared.Reset();
        _shadow.Reset(_number);
        _main.Reset(null);
        _current = _main;
    }

    private void Finish(IScenario scenario)
    {
        foreach (var thread in _threads)
        {
            _shared.Settle(thread);
            SharedMemory.Join(_main, thread);
        }

        scenario.Finally();
    }

    /// <summary>Ends a thread; returns who goes on, null when the execution is over.</summary>
    private LogicalThread? End(LogicalThread thread, ThreadStatus status)
    {
        thread.Status = status;
        _scheduler.AddNews(thread);
        return SwitchOrEnd(thread);
    }

    private LogicalThread? SwitchOrEnd(LogicalThread current)
    {
        var next = _scheduler.SwitchFrom(current);
        if (next is null && !Array.TrueForAll(_threads, thread => thread.HasEnded))
        {
            var kind = Array.Exists(_threads, thread => thread.Status == ThreadStatus.Parked)
                ? FailureKind.Deadlock
                : FailureKind.Livelock;
            SetFailure(kind, "nobody can go on: " + string.Join(", ", _threads.Select(DescribeState)) + ".", null);
        }

        return next;
    }

    private string DescribeState(LogicalThread thread) => thread.Status == ThreadStatus.Parked
        ? $"{thread.Name} is parked on {Memory.NameOf(thread.ParkedOn)}"
        : thread.Status == ThreadStatus.Paused
            ? $"{thread.Name} pauses until somebody stores"
            : $"{thread.Name} has {thread.Status.ToString().ToLowerInvariant()}";

    private void HandOver(LogicalThread next)
    {
        _current = next;
        next.Gate.Open();
    }

    /// <summary>Gives the baton to another thread, and waits to get it back.</summary>
    private void Switch(LogicalThread current, LogicalThread? next)
    {
        if (next == current)
        {
            return;
        }

        if (next is null)
        {
            _over.Open();
        }
        else
        {
            HandOver(next);
        }

        current.Gate.Wait();
        ThrowIfAborting();
    }

    /// <summary>Gets threads that can't or won't go on out of the code under test.</summary>
    private void Unwind()
    {
        _aborting = true;
        foreach (var thread in _threads)
        {
            if (thread.IsInside)
            {
                thread.Gate.Open();
                WaitForEnd();
            }
        }
    }

    private void WaitForEnd()
    {
        if (!_over.Wait(StuckMilliseconds))
        {
            IsStuck = true;
            throw new InvalidOperationException(
                $"{_current.Name} hasn't come back for {StuckMilliseconds / 1000} s. Code under test must not take a lock "
                + "or wait for anything but Pause and Park: the thread that it waits for isn't running.");
        }
    }

    private void ThrowIfAborting()
    {
        if (_aborting)
        {
            throw ExecutionAborted.Instance;
        }
    }

    /// <summary>Runs code under test; false if the execution is over.</summary>
    private bool Guard(Action body)
    {
        try
        {
            body();
            return true;
        }
        catch (ExecutionAborted)
        {
        }
#pragma warning disable CA1031 // Whatever leaves the code under test is the finding.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!_aborting)
            {
                SetFailure(
                    FailureKind.Assertion, $"{_current.Name}: {exception.GetType().Name}: {exception.Message}", exception);
            }
        }

        return false;
    }
}

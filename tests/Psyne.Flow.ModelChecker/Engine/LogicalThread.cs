using System.Diagnostics;

namespace Psyne.Flow.ModelChecking;

/// <summary>A thread of the scenario, as scheduler and memory see it.</summary>
[DebuggerDisplay("{Name} {Status}")]
internal sealed class LogicalThread(int index)
{
    /// <summary>One place in the vector clocks is for the thread that sets up and checks.</summary>
    public const int MaxThreads = VectorClock.Capacity - 1;

    /// <summary>Sees everything before the threads start and after they end; takes part in no choice.</summary>
    public const int MainIndex = MaxThreads;

    /// <summary>The happens-before that its accesses are checked against.</summary>
    public VectorClock Clock;

    public int Index { get; } = index;

    public bool IsMain => Index == MainIndex;

    public string Name { get; } = index == MainIndex ? "main" : $"T{index}";

    public View View { get; } = new();

    public Gate Gate { get; } = new();

    public ThreadStatus Status { get; set; }

    /// <summary>Its code has been entered and not left: it holds an OS thread.</summary>
    public bool IsInside { get; set; }

    /// <summary>
    /// It was scheduled for its next operation already (at its start, or out of a wait), so that no other choice is
    /// needed before it: the code in between is its own.
    /// </summary>
    public bool IsScheduled { get; set; }

    /// <summary>Chose to see less than it could since it last waited: it may look again without news.</summary>
    public bool HasReadStale { get; set; }

    /// <summary>Its own stores, and all others' when it last began to look: what counts as news in Pause.</summary>
    public long OwnNews { get; set; }

    public long SeenNews { get; set; }

    public int Pauses { get; set; }

    /// <summary>Threads (a bit each) that ran since it last paused, and those that it now lets go first.</summary>
    public int RanSincePause { get; set; }

    public int Behind { get; set; }

    /// <summary>The word it is parked on.</summary>
    public nint ParkedOn { get; set; }

    public bool CanTimeOut { get; set; }

    public bool HasTimedOut { get; set; }

    public bool HasEnded => Status is ThreadStatus.Finished or ThreadStatus.Crashed;

    /// <summary>As at the start of an execution, with everything that <paramref name="parent"/> saw.</summary>
    public void Reset(LogicalThread? parent)
    {
        Status = ThreadStatus.Ready;
        IsInside = IsScheduled = HasReadStale = CanTimeOut = HasTimedOut = false;
        OwnNews = SeenNews = 0;
        Pauses = RanSincePause = Behind = 0;
        ParkedOn = 0;
        Clock = default;
        View.Clear();
        if (parent is not null)
        {
            SharedMemory.Join(this, parent);
        }

        Clock[Index]++;
    }
}

using System.Runtime.CompilerServices;

namespace Psyne.Flow.ModelChecking;

/// <content>The operations of the seam: schedule, check for races, ask the memory model, write the trace.</content>
internal sealed unsafe partial class Execution
{
    public T LoadPlain<T>(ref readonly T location) where T : unmanaged
    {
        var thread = EnterPlain();
        CountStep();
        var address = Address.Of(in location);
        Trace?.Add(thread, Steps, $"LoadPlain {Trace.NameOf(address)} -> {location}");
        CheckPlain(thread, address, sizeof(T), AccessKind.PlainRead);
        if (LocationAt(address, sizeof(T)) is { } atomic)
        {
            var value = _shared.LoadPlain(thread, atomic);
            return Unsafe.As<long, T>(ref value);
        }

        return location;
    }

    public void StorePlain<T>(ref T location, T value) where T : unmanaged
    {
        var thread = EnterPlain();
        MayCrash(thread);
        CountStep();
        var address = Address.Of(in location);
        Trace?.Add(thread, Steps, $"StorePlain {Trace.NameOf(address)} <- {value}");
        CheckPlain(thread, address, sizeof(T), AccessKind.PlainWrite);
        for (var word = address & ~7; word < address + sizeof(T); word += 8)
        {
            var shadow = _shadow[word];
            BeforePlainStore(thread, shadow.Low);
            BeforePlainStore(thread, shadow.High);
        }

        location = value;
        for (var word = address & ~7; word < address + sizeof(T); word += 8)
        {
            var shadow = _shadow[word];
            AfterPlainStore(thread, shadow.Low, address, sizeof(T));
            AfterPlainStore(thread, shadow.High, address, sizeof(T));
        }
    }

    public long LoadAcquire(nint address, bool isLong) => Load(address, isLong, acquires: true);

    public long LoadRelaxed(nint address, bool isLong) => Load(address, isLong, acquires: false);

    private long Load(nint address, bool isLong, bool acquires)
    {
        var thread = Enter();
        var location = Locate(address, isLong);
        var value = _shared.Load(thread, location, acquires);
        if (Trace is { } trace)
        {
            var stale = value == location.Latest ? "" : $" (stale: {location.Latest} is the latest)";
            trace.Add(thread, Steps, $"Load{(acquires ? "Acquire" : "Relaxed")} {trace.NameOf(address)} -> {value}{stale}");
        }

        Check(thread, location, AccessKind.AtomicRead);
        return value;
    }

    public void StoreRelease(nint address, bool isLong, long value) => Store(address, isLong, value, releases: true);

    public void StoreRelaxed(nint address, bool isLong, long value) => Store(address, isLong, value, releases: false);

    private void Store(nint address, bool isLong, long value, bool releases)
    {
        var thread = Enter();
        var location = Locate(address, isLong);
        Trace?.Add(thread, Steps, $"Store{(releases ? "Release" : "Relaxed")} {Trace.NameOf(address)} <- {value}");
        Check(thread, location, AccessKind.AtomicWrite);
        _shared.Store(thread, location, value, releases);
        _scheduler.AddNews(thread);
    }

    public long CompareExchange(nint address, bool isLong, long value, long comparand)
    {
        var thread = Enter();
        var location = Locate(address, isLong);
        var found = _shared.BeginUpdate(thread, location);
        var succeeds = found == comparand;
        Trace?.Add(thread, Steps, $"CompareExchange {Trace.NameOf(address)} {comparand} => {value} -> {found}{(succeeds ? "" : " (fails)")}");
        Check(thread, location, succeeds ? AccessKind.AtomicWrite : AccessKind.AtomicRead);
        if (succeeds)
        {
            _shared.EndUpdate(thread, location, value);
            _scheduler.AddNews(thread);
        }

        return found;
    }

    public long Add(nint address, bool isLong, long value)
    {
        var thread = Enter();
        var location = Locate(address, isLong);
        var sum = _shared.BeginUpdate(thread, location) + value;
        sum = isLong ? sum : (int)sum;
        Trace?.Add(thread, Steps, $"Add {Trace.NameOf(address)} {value} -> {sum}");
        Check(thread, location, AccessKind.AtomicWrite);
        _shared.EndUpdate(thread, location, sum);
        _scheduler.AddNews(thread);
        return sum;
    }

    public void FullFence()
    {
        var thread = Enter();
        Trace?.Add(thread, Steps, "FullFence");
        _shared.FullFence(thread);
    }

    public void ProcessWideBarrier()
    {
        var thread = Enter();
        Trace?.Add(thread, Steps, "ProcessWideBarrier");
        _shared.FullFenceAll(_threads);
    }

    public void Pause()
    {
        ThrowIfAborting();
        var thread = _current;
        CountStep();
        Trace?.Add(thread, Steps, "Pause");
        if (thread.IsMain)
        {
            return;
        }

        _scheduler.Pause(thread);
        Switch(thread, SwitchOrEnd(thread));
        thread.IsScheduled = true;
    }

    public bool Park(nint address, int expected, int timeoutMilliseconds)
    {
        var thread = Enter();
        var location = Locate(address, isLong: false);
        var value = _shared.Peek(thread, location);
        Trace?.Add(thread, Steps, $"Park {Trace.NameOf(address)} while {expected}, is {value}, timeout {timeoutMilliseconds}");
        Check(thread, location, AccessKind.AtomicRead);
        if (value != expected)
        {
            return true;
        }

        if (timeoutMilliseconds == 0)
        {
            return false;
        }

        if (thread.IsMain)
        {
            Fail(FailureKind.Misuse, $"set-up or after-check would sleep on {Memory.NameOf(address)} for ever.");
        }

        thread.Status = ThreadStatus.Parked;
        thread.ParkedOn = address;
        thread.CanTimeOut = timeoutMilliseconds > 0;
        thread.HasTimedOut = false;
        Switch(thread, SwitchOrEnd(thread));
        thread.IsScheduled = true;
        Trace?.AddNote(thread, thread.HasTimedOut ? "(times out)" : "(wakes)");
        return !thread.HasTimedOut;
    }

    public void Unpark(nint address, int count)
    {
        var thread = Enter();
        Trace?.Add(thread, Steps, $"Unpark {Trace.NameOf(address)} count {count}");

        // Kernels promise that a store before a wake is seen by whoever goes to sleep after it (Linux: the barriers in
        // futex_wake and futex_wait), and that a woken thread sees it. No happens-before for plain data comes with it.
        _shared.FullFence(thread);
        var sleepers = _threads.Where(t => t.Status == ThreadStatus.Parked && t.ParkedOn == address).ToList();
        for (; count > 0 && sleepers.Count > 0; count--)
        {
            var choice = sleepers.Count > count ? Choose(sleepers.Count, ChoiceKind.Other) : 0;
            sleepers[choice].Status = ThreadStatus.Ready;
            _shared.FullFence(sleepers[choice]);
            sleepers.RemoveAt(choice);
        }
    }

    public bool HasEnded(int index)
    {
        var thread = Enter();
        var other = _threads[index];
        Trace?.Add(thread, Steps, $"HasEnded {other.Name} -> {other.HasEnded}");
        if (other.HasEnded)
        {
            _shared.Settle(other);
            SharedMemory.Join(thread, other);
        }

        return other.HasEnded;
    }

    public int ChooseForScenario(int count)
    {
        ThrowIfAborting();
        return count > 1 ? Choose(count, ChoiceKind.Other) : 0;
    }

    /// <summary>Every atomic operation begins here: others may go first, the thread may crash.</summary>
    private LogicalThread Enter()
    {
        ThrowIfAborting();
        var thread = _current;
        if (!thread.IsMain)
        {
            if (thread.IsScheduled)
            {
                thread.IsScheduled = false;
            }
            else
            {
                Switch(thread, _scheduler.Continue(thread));
            }

            MayCrash(thread);
        }

        CountStep();
        return thread;
    }

    /// <summary>
    /// Plain accesses are no scheduling points: without a race, their order against other threads' steps doesn't
    /// matter, and with one the vector clocks show it in any order.
    /// </summary>
    private LogicalThread EnterPlain()
    {
        ThrowIfAborting();
        return _current;
    }

    private void MayCrash(LogicalThread thread)
    {
        if (thread.Index != Options.CrashThread || Choose(2, ChoiceKind.Crash) == 0)
        {
            return;
        }

        CrashedThread = thread.Index;
        Trace?.AddNote(thread, "(crashes)");
        Switch(thread, End(thread, ThreadStatus.Crashed));
    }

    private void CountStep()
    {
        if (++Steps > Options.MaxSteps)
        {
            Fail(FailureKind.Livelock, $"no end after {Options.MaxSteps} steps.");
        }
    }

    private Location Locate(nint address, bool isLong)
    {
        if ((address & (isLong ? 7 : 3)) != 0)
        {
            Fail(FailureKind.Misuse, $"atomic access to the misaligned {Memory.NameOf(address)}.");
        }

        var location = _shadow[address].Locate(address, isLong, ref _nextLocation);
        if (location is null)
        {
            Fail(FailureKind.Misuse, $"{Memory.NameOf(address)} is accessed atomically in two widths.");
        }

        return location;
    }

    /// <summary>The atomic word that a plain access covers exactly.</summary>
    private Location? LocationAt(nint address, int size)
    {
        var shadow = _shadow[address];
        var location = (address & 7) == 0 ? shadow.Low : (address & 7) == 4 ? shadow.High : null;
        return location is not null && size == (location.IsLong ? 8 : 4) ? location : null;
    }

    private void BeforePlainStore(LogicalThread thread, Location? location)
    {
        if (location is not null)
        {
            _shared.BeforePlainStore(thread, location);
        }
    }

    private void AfterPlainStore(LogicalThread thread, Location? location, nint address, int size)
    {
        if (location is not null && location.Address < address + size && address < location.Address + (location.IsLong ? 8 : 4))
        {
            _shared.AfterPlainStore(thread, location);
        }
    }

    private void Check(LogicalThread thread, Location location, AccessKind kind)
    {
        var mask = location.IsLong ? 0xFF : 0xF << (int)(location.Address & 4);
        Check(thread, location.Address, kind, (byte)mask);
    }

    private void CheckPlain(LogicalThread thread, nint address, int size, AccessKind kind)
    {
        for (var end = address + size; address < end;)
        {
            var first = (int)(address & 7);
            var count = (int)Math.Min(8 - first, end - address);
            Check(thread, address, kind, (byte)(((1 << count) - 1) << first));
            address += count;
        }
    }

    private void Check(LogicalThread thread, nint address, AccessKind kind, byte mask)
    {
        if (_shadow[address].Access(thread, kind, mask, Steps, out var earlier))
        {
            var sites = Trace is { } trace
                ? $"{Environment.NewLine}  first:  {trace.Site(earlier.Step)}{Environment.NewLine}  second: {trace.Site(Steps)}"
                : "";
            Fail(
                FailureKind.Race,
                $"{earlier.Kind} of T{earlier.Thread} (step {earlier.Step}) and {kind} of {thread.Name} (step {Steps}) "
                + $"on {Memory.NameOf(address)}: neither happens before the other.{sites}");
        }
    }
}

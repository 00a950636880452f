namespace Psyne.Flow.ModelChecking;

/// <summary>
/// View-based release/acquire with fences: Kang et al., A promising semantics for relaxed-memory concurrency
/// (POPL 2017), without promises. Stores go to the end of the modification order (arm64 is multi-copy atomic and
/// orders store-releases); a load may return any message that its thread's view allows.
/// </summary>
internal sealed class WeakMemory(Execution execution) : SharedMemory
{
    private readonly View _fenceView = new();
    private readonly List<View> _views = [];
    private int _used;

    public override void Reset()
    {
        _fenceView.Clear();
        _used = 0;
    }

    public override long Load(LogicalThread thread, Location location, bool acquires)
    {
        var latest = location.Count - 1;
        var back = ChooseStaleness(thread, latest - thread.View[location.Id]);
        if (acquires)
        {
            return Acquire(thread, location, latest - back);
        }

        thread.View.Raise(location.Id, latest - back);
        return location[latest - back].Value;
    }

    public override void Store(LogicalThread thread, Location location, long value, bool releases)
    {
        var stamp = location.Append(value);
        thread.View.Raise(location.Id, stamp);
        if (!releases)
        {
            return;
        }

        ref var message = ref location[stamp];
        message.View = Rent();
        message.View.Join(thread.View);
        message.Clock = thread.Clock;
        thread.Clock[thread.Index]++;
    }

    public override long BeginUpdate(LogicalThread thread, Location location)
    {
        // Joining after the read as well puts what was read into the fence view, as a fence behind it would.
        thread.View.Join(_fenceView);
        var value = Acquire(thread, location, location.Count - 1);
        _fenceView.Join(thread.View);
        return value;
    }

    public override void EndUpdate(LogicalThread thread, Location location, long value)
    {
        Store(thread, location, value, releases: true);
        _fenceView.Join(thread.View);
    }

    public override void FullFence(LogicalThread thread)
    {
        thread.View.Join(_fenceView);
        _fenceView.Join(thread.View);
    }

    public override void FullFenceAll(ReadOnlySpan<LogicalThread> threads)
    {
        foreach (var thread in threads)
        {
            _fenceView.Join(thread.View);
        }

        foreach (var thread in threads)
        {
            thread.View.Join(_fenceView);
        }
    }

    public override long Peek(LogicalThread thread, Location location)
    {
        FullFence(thread);
        thread.View.Raise(location.Id, location.Count - 1);
        return location.Latest;
    }

    public override long LoadPlain(LogicalThread thread, Location location) => location.Latest;

    public override void BeforePlainStore(LogicalThread thread, Location location)
    {
    }

    public override void AfterPlainStore(LogicalThread thread, Location location)
    {
        // No view and no clock travel with it: whoever reads it without a happens-before is reported as a race.
        thread.View.Raise(location.Id, location.Append(location.Latest));
    }

    public override void Settle(LogicalThread thread)
    {
    }

    private static long Acquire(LogicalThread thread, Location location, int stamp)
    {
        ref var message = ref location[stamp];
        thread.View.Raise(location.Id, stamp);
        if (message.View is { } view)
        {
            thread.View.Join(view);
        }

        thread.Clock.Join(in message.Clock);
        return message.Value;
    }

    /// <summary>How many messages before the latest one is read.</summary>
    private int ChooseStaleness(LogicalThread thread, int available)
    {
        if (available == 0 || !execution.Bounds.CanBeStale || thread.IsMain)
        {
            return 0;
        }

        var depth = execution.Options.StaleDepth;
        var choice = execution.Choose(1 + Math.Min(available, depth), ChoiceKind.Stale);
        if (choice == 0)
        {
            return 0;
        }

        execution.Bounds.UseStale();
        thread.HasReadStale = true;
        return choice == depth ? available : choice;
    }

    private View Rent()
    {
        if (_used == _views.Count)
        {
            _views.Add(new View());
        }

        var view = _views[_used++];
        view.Clear();
        return view;
    }
}

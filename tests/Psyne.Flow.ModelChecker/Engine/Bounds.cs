namespace Psyne.Flow.ModelChecking;

/// <summary>What is left in this execution of the things that are counted.</summary>
internal sealed class Bounds
{
    private int _deviations;
    private int _preemptions;
    private int _stale;
    private int _timeouts;
    private int _spurious;
    private bool _switchesAreFree;

    public bool CanPreempt => _preemptions > 0 && _deviations > 0;

    /// <summary>Whether a thread that waits or ends may be followed by another than the next in turn.</summary>
    public bool CanSwitch => _switchesAreFree || _deviations > 0;

    public bool CanBeStale => _stale > 0 && _deviations > 0;

    public bool CanTimeOut => _timeouts > 0 && _deviations > 0;

    public bool CanWakeSpuriously => _spurious > 0 && _deviations > 0;

    public void Reset(ModelOptions options, bool random)
    {
        _deviations = random ? int.MaxValue : options.Deviations ?? int.MaxValue;
        _switchesAreFree = random || options.Deviations is null;
        _preemptions = random ? int.MaxValue : options.Preemptions;
        _stale = random ? 4 * options.StaleReads : options.StaleReads;
        _timeouts = options.Timeouts;
        _spurious = options.SpuriousWakes;
    }

    public void UsePreemption() => Use(ref _preemptions);

    public void UseSwitch()
    {
        if (!_switchesAreFree)
        {
            _deviations--;
        }
    }

    public void UseStale() => Use(ref _stale);

    public void UseTimeout() => Use(ref _timeouts);

    public void UseSpuriousWake() => Use(ref _spurious);

    private void Use(ref int bound)
    {
        bound--;
        _deviations--;
    }
}

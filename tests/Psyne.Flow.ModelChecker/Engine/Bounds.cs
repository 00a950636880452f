namespace Psyne.Flow.ModelChecking;

/// <summary>What is left in this execution of the things that are counted.</summary>
internal sealed class Bounds
{
    private int _stale;

    public int Preemptions { get; set; }

    public int Timeouts { get; set; }

    public int SpuriousWakes { get; set; }

    public bool CanBeStale => _stale > 0;

    public void UseStale() => _stale--;

    public void Reset(ModelOptions options, bool random)
    {
        Preemptions = random ? int.MaxValue : options.Preemptions;
        _stale = random ? 4 * options.StaleReads : options.StaleReads;
        Timeouts = options.Timeouts;
        SpuriousWakes = options.SpuriousWakes;
    }
}

namespace Psyne.Flow.ModelChecking;

/// <summary>One store in a location's modification order, with what reading it makes visible.</summary>
internal struct Message
{
    public long Value;

    /// <summary>Null for the value that was there before any store: it carries nothing.</summary>
    public View? View;

    public VectorClock Clock;
}

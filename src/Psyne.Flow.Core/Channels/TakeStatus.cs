namespace Psyne.Flow;

/// <summary>How a take with a timeout ended.</summary>
public enum TakeStatus
{
    /// <summary>A message was taken.</summary>
    Taken,

    /// <summary>The channel stayed empty until the timeout.</summary>
    Empty,

    /// <summary>The channel was completed and every message was taken: no take will ever succeed.</summary>
    Closed,
}

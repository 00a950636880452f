namespace Psyne.Flow;

/// <summary>How a claim with a timeout ended.</summary>
public enum ClaimStatus
{
    /// <summary>A slot was claimed.</summary>
    Claimed,

    /// <summary>The channel stayed full until the timeout.</summary>
    Full,

    /// <summary>The channel was completed or disposed: no claim will ever succeed.</summary>
    Closed,
}

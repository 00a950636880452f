namespace Psyne.Flow.Tests.Observables;

/// <summary>In which form messages are observed.</summary>
public enum Form
{
    /// <summary>Copies.</summary>
    Value,

    /// <summary>Leases that end with OnNext.</summary>
    Lease,

    /// <summary>Leases that last.</summary>
    Retained,
}

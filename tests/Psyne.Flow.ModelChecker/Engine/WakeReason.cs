namespace Psyne.Flow.ModelChecking;

/// <summary>Why a chosen thread goes on.</summary>
internal enum WakeReason
{
    /// <summary>It was ready, or its pause is over.</summary>
    Run,

    /// <summary>Its park times out.</summary>
    Timeout,

    /// <summary>Its park returns for no reason.</summary>
    Spurious,
}

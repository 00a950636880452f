namespace Psyne.Flow.ModelChecking;

/// <summary>
/// Unwinds a logical thread whose execution is over. Code under test must let it pass: every further operation
/// throws it again, so that cleaning up in a finally block changes nothing.
/// </summary>
internal sealed class ExecutionAborted : Exception
{
    /// <summary>One instance: it is thrown very often, and nobody reads its stack.</summary>
    public static readonly ExecutionAborted Instance = new();
}

namespace Psyne.Flow;

/// <summary>An observer threw, and is not called any more. The other observers go on.</summary>
/// <param name="exception">What it threw.</param>
public sealed class ObserverFailedEventArgs(Exception exception) : EventArgs
{
    /// <summary>Gets what the observer threw.</summary>
    public Exception Exception { get; } = exception;
}

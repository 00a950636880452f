namespace Psyne.Flow;

/// <summary>A work item of a <see cref="WorkerPool"/> threw. Its worker goes on with the next item.</summary>
/// <param name="item">The item that threw.</param>
/// <param name="exception">What it threw.</param>
public sealed class WorkItemFailedEventArgs(object item, Exception exception) : EventArgs
{
    /// <summary>Gets the item that threw.</summary>
    public object Item { get; } = item;

    /// <summary>Gets what it threw.</summary>
    public Exception Exception { get; } = exception;
}

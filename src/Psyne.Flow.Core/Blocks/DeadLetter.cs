namespace Psyne.Flow;

/// <summary>A message that its block could not handle, and why.</summary>
public readonly record struct DeadLetter<T> : IDisposable where T : unmanaged
{
    /// <summary>Makes a letter.</summary>
    /// <param name="message">The message, which the letter's receiver disposes.</param>
    /// <param name="error">What the delegate threw.</param>
    public DeadLetter(Lease<T> message, Exception error)
    {
        Message = message;
        Error = error;
    }

    /// <summary>The message, to be disposed by whoever gets the letter.</summary>
    public Lease<T> Message { get; }

    /// <summary>What the delegate threw the last time.</summary>
    public Exception Error { get; }

    /// <summary>Disposes the message.</summary>
    public void Dispose() => Message.Dispose();
}

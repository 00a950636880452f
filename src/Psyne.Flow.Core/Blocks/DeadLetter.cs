namespace Psyne.Flow;

/// <summary>A message that its block could not handle, and why.</summary>
/// <param name="Message">The message, to be disposed by whoever gets the letter.</param>
/// <param name="Error">What the delegate threw the last time.</param>
public readonly record struct DeadLetter<T>(Lease<T> Message, Exception Error) : IDisposable where T : unmanaged
{
    /// <summary>Disposes the message.</summary>
    public void Dispose() => Message.Dispose();
}

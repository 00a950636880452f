namespace Psyne.Flow;

/// <summary>A lease or claim that is used after it ended, or ended twice. Nothing was changed; the error is counted.</summary>
public sealed class LeaseException : InvalidOperationException
{
    /// <summary>Makes it with a standard text.</summary>
    public LeaseException() : base("The lease is no longer held.") { }

    /// <summary>Makes it with a text.</summary>
    public LeaseException(string message) : base(message) { }

    /// <summary>Makes it with a text and a cause.</summary>
    public LeaseException(string message, Exception? innerException) : base(message, innerException) { }
}

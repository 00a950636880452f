namespace Psyne.Flow;

/// <summary>An observer holds all the leases that its byte budget allows, and has returned none for as long as it was given.</summary>
public sealed class LeaseBudgetException : InvalidOperationException
{
    /// <summary>Makes it with a standard text.</summary>
    public LeaseBudgetException() : base("The byte budget of retained leases is exhausted.") { }

    /// <summary>Makes it with a text.</summary>
    public LeaseBudgetException(string message) : base(message) { }

    /// <summary>Makes it with a text and a cause.</summary>
    public LeaseBudgetException(string message, Exception? innerException) : base(message, innerException) { }
}

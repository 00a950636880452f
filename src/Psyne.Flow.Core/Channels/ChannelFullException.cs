namespace Psyne.Flow;

/// <summary>A claim on a full channel whose policy is <see cref="FullMode.Fail"/>. Nothing was changed.</summary>
public sealed class ChannelFullException : InvalidOperationException
{
    /// <summary>Makes it with a standard text.</summary>
    public ChannelFullException() : base("The channel is full.") { }

    /// <summary>Makes it with a text.</summary>
    public ChannelFullException(string message) : base(message) { }

    /// <summary>Makes it with a text and a cause.</summary>
    public ChannelFullException(string message, Exception? innerException) : base(message, innerException) { }
}

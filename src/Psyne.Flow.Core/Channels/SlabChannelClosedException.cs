namespace Psyne.Flow;

/// <summary>A claim or take that can never succeed, since the channel was completed or disposed. The inner exception is the fault, if there was one.</summary>
public sealed class SlabChannelClosedException : InvalidOperationException
{
    /// <summary>Makes it with a standard text.</summary>
    public SlabChannelClosedException() : base("The channel is closed.") { }

    /// <summary>Makes it with a text.</summary>
    public SlabChannelClosedException(string message) : base(message) { }

    /// <summary>Makes it with a text and the fault that closed the channel.</summary>
    public SlabChannelClosedException(string message, Exception? innerException) : base(message, innerException) { }
}

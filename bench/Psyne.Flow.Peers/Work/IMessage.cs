namespace Psyne.Flow.Peers.Work;

/// <summary>
/// A small message that travels by value. Every subject writes it whole and reads it whole: that is the work, and it
/// is the same for all.
/// </summary>
internal interface IMessage<TSelf>
    where TSelf : unmanaged, IMessage<TSelf>
{
    /// <summary>Writes every byte of the message in place.</summary>
    static abstract void Write(ref TSelf message, ulong stamp);

    /// <summary>Reads every byte; returns the stamp, or 0 if the bytes don't belong together.</summary>
    static abstract ulong Read(ref readonly TSelf message);
}

namespace Psyne.Flow;

/// <summary>What a claim does when the channel is full.</summary>
public enum FullMode
{
    /// <summary>The claim waits for room: back-pressure.</summary>
    Wait,

    /// <summary>The claim fails at once with <see cref="ChannelFullException"/>; <c>TryClaim</c> gives false.</summary>
    Fail,

    /// <summary>The claim succeeds, and the message is dropped when it is published.</summary>
    DropNewest,

    /// <summary>
    /// The oldest message that nobody has taken is dropped to make room. When all are leased, the new one is dropped.
    /// On a broadcast channel slow consumers lose messages and learn how many (<see cref="SlabReader.Lagged"/>).
    /// </summary>
    DropOldest,

    /// <summary>Waits while the consumers keep up; drops the newest while they don't; see <see cref="AdaptivePolicy"/>.</summary>
    Adaptive,
}

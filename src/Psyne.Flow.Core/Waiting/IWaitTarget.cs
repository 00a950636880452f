namespace Psyne.Flow.Waiting;

/// <summary>What a waiter waits for: a message, or room; and the end of either.</summary>
internal interface IWaitTarget
{
    /// <summary>Whether there is no reason to wait any longer: what was waited for is there, or will never be.</summary>
    bool IsReady { get; }

    /// <summary>The result of a wait: true when it is there, false when it will never be; throws the channel's fault.</summary>
    bool Result();
}

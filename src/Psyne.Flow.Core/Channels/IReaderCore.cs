namespace Psyne.Flow.Channels;

/// <summary>The read side of a channel, by slots.</summary>
internal interface IReaderCore
{
    /// <summary>Messages taken so far, as the end of the channel needs to know them. Exact once the gates are closed.</summary>
    long Taken { get; }

    /// <summary>Whether there is a message to take now.</summary>
    bool HasMessage { get; }

    /// <summary>Leases of this end that are held in the ring itself.</summary>
    long HeldInRing { get; }

    /// <summary>Messages that this end lost to being slow.</summary>
    long Lagged { get; }

    /// <summary>Takes one message without waiting, and says where in the channel it stood.</summary>
    bool TryTake(out LeaseOwner owner, out long lease, out long position);

    /// <summary>Takes up to <paramref name="most"/> messages. Leases are consecutive from <paramref name="first"/> or, pooled, in <paramref name="handles"/>, with <paramref name="first"/> the first of them.</summary>
    int TryTakeMany(int most, out LeaseOwner owner, out long first, out long[]? handles);

    /// <summary>Ends the consumer's part: a broadcast goes on without it.</summary>
    void Leave();
}

namespace Psyne.Flow.Channels;

/// <summary>The ring that leases on pooled slots travel through, seen from the read side: what is taken leaves it at once.</summary>
internal interface IHandleConsumer
{
    /// <summary>Messages taken so far. For all.</summary>
    long Taken { get; }

    /// <summary>Whether a message waits. For all.</summary>
    bool HasMessage { get; }

    bool TryTake(out long lease, out long position);

    /// <summary>Takes up to <paramref name="most"/> messages that lie in a row; <see cref="MoveOut"/> has to follow.</summary>
    int TryTakeMany(int most, out long position);

    /// <summary>Copies the leases that were taken, and gives their positions back.</summary>
    void MoveOut(long position, Span<long> leases);
}

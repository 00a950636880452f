namespace Psyne.Flow.Blocks;

/// <summary>The messages of one half of a block, oldest first. It owns them.</summary>
/// <remarks>Not thread-safe: the lock of the half guards it, but for messages that were set apart to be handled.</remarks>
internal abstract class MessageQueue<TMessage> : IDisposable
{
    internal abstract int Count { get; }

    /// <summary>Messages that its memory has room for.</summary>
    internal abstract long Room { get; }

    /// <summary>Takes the message over. False, and it stays the caller's, when there is no room.</summary>
    internal abstract bool TryEnqueue(TMessage message);

    /// <summary>The oldest message as others are offered it; it stays here. False when there is none, or none can be made at present.</summary>
    internal abstract bool TryPeek(out TMessage message);

    /// <summary>Gives away the message that <see cref="TryPeek"/> showed.</summary>
    internal abstract TMessage Dequeue();

    /// <summary>Moves up to <paramref name="most"/> of the oldest messages to the end of another queue, as far as that has room.</summary>
    internal abstract int MoveTo(MessageQueue<TMessage> target, int most);

    /// <summary>Whether <see cref="MoveTo"/> knows the other queue's kind.</summary>
    internal abstract bool CanMoveTo(MessageQueue<TMessage> target);

    /// <summary>Forgets the oldest messages, which were handled and ended by their handler.</summary>
    internal abstract void Remove(int count);

    /// <summary>Ends all messages.</summary>
    internal abstract void Clear();

    /// <summary>Has the callback called once when <see cref="TryPeek"/> may succeed after it failed with messages there.</summary>
    internal virtual void WhenPeekable(Action look) => look();

    /// <summary>Has the callback called once when <see cref="TryEnqueue"/> may succeed after it failed with <see cref="Room"/> there: a slot was freed.</summary>
    internal virtual void WhenEnqueueable(Action look) =>
        throw new InvalidOperationException($"{GetType().Name} keeps messages without slots, and has no room that its count doesn't show.");

    /// <summary>Gives memory back. Called once, after <see cref="Clear"/>; the queue is empty from then on.</summary>
    public abstract void Dispose();

    /// <summary>What a message is called after it was dropped: its share of the memory ends.</summary>
    internal static void End(TMessage message)
    {
        if (message is IDisposable disposable)
            disposable.Dispose();
    }
}

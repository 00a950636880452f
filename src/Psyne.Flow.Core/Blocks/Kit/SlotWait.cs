#pragma warning disable RS0030 // whether a slot is waited for; nothing on the slab is ordered by it
namespace Psyne.Flow.Blocks;

/// <summary>Messages that a target consumed when its slab had no slot for them. They stay where they lie until it has one.</summary>
/// <remarks>The target's lock guards it, but for the call that a slot is free.</remarks>
internal sealed class SlotWait<TMessage>
{
    private readonly MessageQueue<TMessage> _queue;
    private readonly Action _free;
    private readonly Action _onFree;
    private readonly Queue<TMessage> _messages = [];
    private bool _waits;

    /// <param name="queue">Where the messages go.</param>
    /// <param name="onFree">Called when there may be a slot, with unknown locks held.</param>
    internal SlotWait(MessageQueue<TMessage> queue, Action onFree)
    {
        _queue = queue;
        _onFree = onFree;
        _free = OnFree;
    }

    /// <summary>Whether a slot is waited for.</summary>
    internal bool IsWaiting => Volatile.Read(ref _waits);

    internal bool HasMessages => _messages.Count > 0;

    private void OnFree()
    {
        Volatile.Write(ref _waits, false);
        _onFree();
    }

    /// <summary>Waits for a slot, unless it does already.</summary>
    internal void Begin()
    {
        if (IsWaiting)
            return;
        Volatile.Write(ref _waits, true);
        _queue.WhenEnqueueable(_free);
    }

    /// <summary>Puts a consumed message into the queue. False when it has to wait, here, for a slot, behind those that do.</summary>
    internal bool TryEnqueue(TMessage message)
    {
        if (_messages.Count == 0 && _queue.TryEnqueue(message))
            return true;
        _messages.Enqueue(message);
        Begin();
        return false;
    }

    /// <summary>Puts what waits into the queue, as far as there are slots; how many went.</summary>
    internal int EnqueueAll()
    {
        var count = 0;
        while (_messages.TryPeek(out var message))
        {
            if (!_queue.TryEnqueue(message))
            {
                Begin();
                break;
            }
            _messages.Dequeue();
            count++;
        }
        return count;
    }

    internal List<TMessage> TakeAll()
    {
        List<TMessage> messages = [.. _messages];
        _messages.Clear();
        return messages;
    }
}

namespace Psyne.Flow.Blocks;

/// <summary>A queue of messages that are handles, or plain values of a block author's own.</summary>
internal sealed class HandleQueue<TMessage> : MessageQueue<TMessage>
{
    private const int LeastCapacity = 16;

    private TMessage[] _items = [];
    private int _first;
    private int _count;

    internal override int Count => _count;

    internal override long Room => Array.MaxLength - _count;

    private ref TMessage At(int index) => ref _items[(_first + index) & (_items.Length - 1)];

    internal override bool TryEnqueue(TMessage message)
    {
        if (_count == _items.Length)
            Grow();
        At(_count++) = message;
        return true;
    }

    private void Grow()
    {
        var items = new TMessage[Math.Max(LeastCapacity, 2 * _items.Length)];
        for (var i = 0; i < _count; i++)
            items[i] = At(i);
        _items = items;
        _first = 0;
    }

    internal override bool TryPeek(out TMessage message)
    {
        message = _count > 0 ? At(0) : default!;
        return _count > 0;
    }

    internal override TMessage Dequeue()
    {
        var message = At(0);
        Remove(1);
        return message;
    }

    internal override bool CanMoveTo(MessageQueue<TMessage> target) => false;

    internal override int MoveTo(MessageQueue<TMessage> target, int most) => 0;

    internal override void Remove(int count)
    {
        for (var i = 0; i < count; i++)
            At(i) = default!; // what it refers to must be collectable
        _first = (_first + count) & Math.Max(0, _items.Length - 1);
        _count -= count;
    }

    internal override void Clear()
    {
        while (_count > 0)
            End(Dequeue());
    }

    public override void Dispose() => _items = [];
}

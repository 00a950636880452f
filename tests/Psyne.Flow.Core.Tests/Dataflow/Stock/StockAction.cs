using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Stock;

public sealed class StockAction<T> : IDelegateUnderTest<T>
{
    private readonly Messages<T> _messages;
    private readonly UserCode<T> _code;
    private readonly ActionBlock<T> _block;
    private readonly List<int> _seen = [];

    public StockAction(Messages<T> messages, ExecutionDataflowBlockOptions options, bool asynchronous = false)
    {
        _messages = messages;
        _code = new UserCode<T>(messages);
        _block = asynchronous
            ? new ActionBlock<T>(message =>
            {
                See(message);
                return Task.CompletedTask;
            }, options)
            : new ActionBlock<T>(See, options);
    }

    public IDataflowBlock Block => _block;

    public ITargetBlock<T> Target => _block;

    public int Held => _block.InputCount;

    public Action<int>? Inside
    {
        get => _code.Inside;
        set => _code.Inside = value;
    }

    public IReadOnlyList<int> Seen
    {
        get
        {
            lock (_seen)
                return [.. _seen];
        }
    }

    public bool Feed(int value)
    {
        T message = _messages.Make(value);
        bool fed = _block.Post(message);
        if (!fed)
            _messages.Free(message);
        return fed;
    }

    public bool TakeOut() => false;

    private void See(T message)
    {
        int value = _code.Take(message);
        lock (_seen)
            _seen.Add(value);
    }
}

using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>An action block of ours.</summary>
public sealed class SlabAction<T> : IDelegateUnderTest<Lease<T>> where T : unmanaged, INumbered<T>
{
    private readonly Messages<Lease<T>> _messages;
    private readonly SlabActionBlock<T> _block;
    private readonly List<int> _seen = [];

    public SlabAction(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options, bool asynchronous = false)
    {
        _messages = messages;
        _block = asynchronous
            ? SlabActionBlock<T>.CreateAsync(lease =>
            {
                See(in lease.Value);
                return ValueTask.CompletedTask;
            }, options)
            : new SlabActionBlock<T>(See, options);
    }

    public IDataflowBlock Block => _block;

    public ITargetBlock<Lease<T>> Target => _block;

    public int Held => _block.InputCount;

    public bool FreesWhatItDrops => true;

    public Action<int>? Inside { get; set; }

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
        Lease<T> message = _messages.Make(value);
        bool fed = _block.Post(message);
        if (!fed)
            _messages.Free(message);
        return fed;
    }

    public bool TakeOut() => false;

    private void See(ref readonly T message)
    {
        Inside?.Invoke(message.Number);
        lock (_seen)
            _seen.Add(message.Number);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>The messages that a target postponed: the latest header of each source, the source that came first in front.</summary>
/// <remarks>Not thread-safe: the target's lock guards it. Allocates nothing once it has been as long before.</remarks>
internal sealed class PostponedMessages<TIn>
{
    private readonly Dictionary<ISourceBlock<TIn>, LinkedListNode<Entry>> _bySource = [];
    private readonly LinkedList<Entry> _inOrder = [];
    private readonly Stack<LinkedListNode<Entry>> _spare = [];

    internal int Count => _inOrder.Count;

    /// <summary>Notes the source's offer; a later one of the same source takes the place of the one before.</summary>
    internal void Push(ISourceBlock<TIn> source, DataflowMessageHeader header)
    {
        if (_bySource.TryGetValue(source, out var node))
        {
            node.Value = new Entry(source, header);
            return;
        }
        if (!_spare.TryPop(out node))
            node = new LinkedListNode<Entry>(default);
        node.Value = new Entry(source, header);
        _inOrder.AddLast(node);
        _bySource.Add(source, node);
    }

    internal bool TryPop([MaybeNullWhen(false)] out ISourceBlock<TIn> source, out DataflowMessageHeader header)
    {
        if (_inOrder.First is not { } node)
        {
            source = null;
            header = default;
            return false;
        }
        (source, header) = node.Value;
        Remove(node);
        return true;
    }

    /// <summary>The source of the oldest offer; null when there is none. May be asked without the lock, for a hint.</summary>
    internal ISourceBlock<TIn>? FirstSource => _inOrder.First?.Value.Source;

    private void Remove(LinkedListNode<Entry> node)
    {
        _bySource.Remove(node.Value.Source);
        _inOrder.Remove(node);
        node.Value = default;
        _spare.Push(node);
    }

    internal readonly record struct Entry(ISourceBlock<TIn> Source, DataflowMessageHeader Header);
}

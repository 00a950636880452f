using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>Messages for blocks from outside a pipeline.</summary>
public static class SlabBlockMessages
{
    /// <summary>
    /// Has a block take a message, which is copied onto its slab. Doesn't block, and allocates nothing. Who wants to wait
    /// for room, or to build messages in place, writes into a channel and links its read end.
    /// </summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="target">A block of ours, or a side of a join.</param>
    /// <param name="message">The message.</param>
    /// <returns>False when the block has no room for it at present, or takes nothing more: the message is not in.</returns>
    /// <exception cref="ArgumentNullException">The target is null.</exception>
    /// <exception cref="ArgumentException">The target has no slab of its own: a stock block, or a channel, which has a writer.</exception>
    public static bool Post<T>(this ITargetBlock<Lease<T>> target, in T message) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(target);
        return target is IBatchTargetBlock<Lease<T>> block
            ? block.Target.TryPost(in message)
            : throw new ArgumentException($"{target} has no slab of its own to copy a message onto: offer it a lease.", nameof(target));
    }
}

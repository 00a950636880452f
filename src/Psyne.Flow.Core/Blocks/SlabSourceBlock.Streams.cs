using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Streams;

namespace Psyne.Flow;

public abstract partial class SlabSourceBlock<TOut>
{
    private static readonly DataflowLinkOptions s_untilTheEnd = new() { PropagateCompletion = true };

    /// <summary>
    /// The messages as an async stream, until the block ends. Waits without holding a thread. Each message (a lease, a batch,
    /// a pair) is the caller's to dispose; a loop that ends early leaves the rest in the block, and one that drops a lease
    /// gets its slot back when that is collected. A loop counts as a link from its first step to its end: loops and
    /// linked targets compete, and each message goes to one of them. Allocates once, not per message.
    /// </summary>
    /// <param name="cancellationToken">Ends the loop before its next message; that and the rest stay in the block.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled, and is the exception's; or the block was, by its own.</exception>
    /// <exception cref="AggregateException">The block has several faults.</exception>
    /// <exception cref="Exception">The block's fault, however many blocks it came through. TPL's <c>ReceiveAllAsync</c> hides it.</exception>
    /// <example><code>
    /// await foreach (var lease in transform.ReadAllAsync(cancellationToken))
    ///     using (lease) Use(in lease.Value);
    /// </code></example>
    public async IAsyncEnumerable<TOut> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var arrivals = new Arrivals<TOut>(this);
        using var registration = cancellationToken.UnsafeRegister(static arrivals => ((Arrivals<TOut>)arrivals!).Signal(), arrivals);
        using var link = Source.LinkTo(arrivals, s_untilTheEnd);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Source.TryReceive(null, out var message))
                yield return message;
            else if (Completion.IsCompleted)
                break;
            else
                await arrivals.WaitAsync().ConfigureAwait(false);
        }
        if (Completion.Exception is { } faults)
            ExceptionDispatchInfo.Throw(faults.Flatten() is { InnerExceptions: [var only] } ? only : faults.Flatten());
        await Completion.ConfigureAwait(false); // throws where the block was cancelled
    }
}

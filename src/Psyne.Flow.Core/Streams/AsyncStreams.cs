using Psyne.Flow.Streams;

namespace Psyne.Flow;

/// <summary>Async streams into channels. The way out is <c>ReadAllAsync</c> of read ends and blocks.</summary>
/// <remarks>Thread-safe. A stream that is written twice is enumerated twice.</remarks>
/// <example><code>
/// using var channel = client.ReadReadingsAsync().ToChannel();
/// foreach (var lease in channel.Reader.TakeAll())
///     using (lease) Use(in lease.Value);
/// </code></example>
public static class AsyncStreams
{
    /// <summary>
    /// A channel that a pump writes the stream to, on the thread pool, from now on. A full channel holds the pump up, without
    /// a thread, or drops, or fails, as its <see cref="FullMode"/> says. The stream's end completes the channel, and what it
    /// throws is the channel's fault, after the messages before it. Disposing or completing the channel, or cancelling the
    /// token, stops the pump, which disposes the stream's enumerator; a stream that doesn't look at its token, only once
    /// its pending step is done. A fault of a stream whose channel ended before is an event of "Psyne.Flow". Allocates for the
    /// channel and the pump; per message only what the stream allocates.
    /// </summary>
    /// <param name="source">The stream; it is given a token that is cancelled when the pump stops.</param>
    /// <param name="options">Capacity, policy, waiting, memory of the channel; null for the defaults.</param>
    /// <param name="mode">How many may read it: <see cref="ChannelMode.Spsc"/> one, <see cref="ChannelMode.Spmc"/> several that compete. The pump is a producer.</param>
    /// <param name="cancellationToken">Stops the pump; the channel's fault is then an <see cref="OperationCanceledException"/> with this token.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is broadcast, whose readers would miss what comes before them: make that channel, open its readers, and use <see cref="WriteToAsync{T}"/>.</exception>
    public static SlabChannel<T> ToChannel<T>(
        this IAsyncEnumerable<T> source, SlabChannelOptions? options = null, ChannelMode mode = ChannelMode.Spsc, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(source);
        if (mode == ChannelMode.Broadcast)
            throw new ArgumentOutOfRangeException(nameof(mode), mode,
                "Readers of a broadcast channel would miss what comes before they are opened: make the channel, open them, and write the stream to its Writer.");
        var channel = SlabChannel.Create<T>(mode, options);
        _ = StreamPump.Run(source, channel.Writer, cancellationToken);
        return channel;
    }

    /// <summary>
    /// Writes the stream to a channel's write end until the stream ends, on the thread pool. Nobody else may use the end
    /// meanwhile, unless the channel's mode lets several producers share it. A full channel holds the writing up, without a
    /// thread, or drops, or fails, as its <see cref="FullMode"/> says. The enumerator is disposed before the task completes.
    /// Allocates a few objects; per message only what the stream allocates.
    /// </summary>
    /// <param name="source">The stream; it is given a token that is cancelled when the writing stops.</param>
    /// <param name="writer">The write end; it stays the caller's.</param>
    /// <param name="leaveOpen">False (the default): the stream's end completes the channel, and what the task faults with is the channel's fault. True: the channel is left as it is.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Completes when the stream has ended and all of it is written.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="writer"/> is null.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled (by the task).</exception>
    /// <exception cref="SlabChannelClosedException">The channel was completed or disposed before the stream ended (by the task). A message that the stream had given by then is lost.</exception>
    /// <exception cref="ChannelFullException">The channel is full and its policy is <see cref="FullMode.Fail"/> (by the task).</exception>
    /// <exception cref="Exception">What the stream threw (by the task).</exception>
    public static Task WriteToAsync<T>(
        this IAsyncEnumerable<T> source, SlabWriter<T> writer, bool leaveOpen = false, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(writer);
        return leaveOpen
            ? StreamPump.Write(source, writer, cancellationToken)
            : StreamPump.WriteAndComplete(source, writer, cancellationToken);
    }

    /// <summary>The leases' messages as values; each lease is disposed before its value is given. Nothing that is done to the values can leak a slot.</summary>
    /// <param name="leases">A stream of leases, such as a read end's or a block's <c>ReadAllAsync</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="leases"/> is null.</exception>
    public static IAsyncEnumerable<T> Values<T>(this IAsyncEnumerable<Lease<T>> leases) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(leases);
        return leases.Select(static lease =>
        {
            using (lease)
                return lease.Value;
        });
    }
}

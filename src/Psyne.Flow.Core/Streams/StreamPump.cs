using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Psyne.Flow.Channels;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow.Streams;

/// <summary>Writes an async stream to a channel, without a thread while the stream has no message or the channel no room.</summary>
internal static class StreamPump
{
    /// <summary>Until the stream ends, which ends the channel; what the stream throws is the channel's fault.</summary>
    internal static async Task WriteAndComplete<T>(IAsyncEnumerable<T> source, SlabWriter<T> writer, CancellationToken cancellationToken) where T : unmanaged
    {
        try
        {
            await Write(source, writer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) // of the stream, which may throw what it likes
        {
            writer.Complete(fault);
            throw;
        }
        writer.Complete();
    }

    /// <summary>As <see cref="WriteAndComplete"/> where nobody awaits the end: the channel tells of it.</summary>
    internal static async Task Run<T>(IAsyncEnumerable<T> source, SlabWriter<T> writer, CancellationToken cancellationToken) where T : unmanaged
    {
        try
        {
            await Write(source, writer, cancellationToken).ConfigureAwait(false);
            writer.Complete();
        }
        catch (Exception fault) // of the stream
        {
            // A channel that ended before can't tell; nor is there anything to tell but that it ended.
            if (!writer.Complete(fault) && fault is not (SlabChannelClosedException or ObjectDisposedException or OperationCanceledException))
                FlowEventSource.Log.StreamFailed(writer.Channel.Name, fault.ToString());
        }
    }

    /// <summary>Until the stream ends; begins on the thread pool.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The source has no timer and no wait handle: nothing to dispose.")]
    internal static async Task Write<T>(IAsyncEnumerable<T> source, SlabWriter<T> writer, CancellationToken cancellationToken) where T : unmanaged
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // a stream may never wait for anything
        var stop = new CancellationTokenSource();
        using var registration = cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);
        // The channel's end ends a stream that has nothing to give, too. With the token the channel forgets who asked.
        _ = writer.Channel.Completion.ContinueWith(static (_, stop) => ((CancellationTokenSource)stop!).Cancel(), stop,
            stop.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var value in source.WithCancellation(stop.Token).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Publish(writer, value, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || cancellationToken.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw writer.Channel.Closed("Publish");
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private static async ValueTask Publish<T>(SlabWriter<T> writer, T value, CancellationToken cancellationToken) where T : unmanaged
    {
        var channel = writer.Channel;
        if (channel.Options.FullMode is FullMode.Wait or FullMode.Adaptive)
            while (!writer.TryPublish(in value))
            {
                if (await WaitForRoom(writer, cancellationToken).ConfigureAwait(false))
                    continue;
                writer.Publish(in value, cancellationToken); // throws: the channel is closed
                return;
            }
        else
            writer.Publish(in value, cancellationToken); // doesn't wait
    }

    /// <summary>False when the channel is closed. An adaptive one turns to dropping when its patience is over.</summary>
    private static async ValueTask<bool> WaitForRoom(SlabWriter writer, CancellationToken cancellationToken)
    {
        var (channel, space, target) = (writer.Channel, writer.Core.Space, writer.ToClaim(travels: false));
        if (channel.Options.FullMode == FullMode.Wait)
            return await space.WaitAsync(target, cancellationToken).ConfigureAwait(false);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(channel.Options.Adaptive.Patience);
        try
        {
            return await space.WaitAsync(target, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            channel.LastShed = Stopwatch.GetTimestamp();
            channel.SetShedding(true);
            return true;
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Psyne.Flow.Waiting;

namespace Psyne.Flow;

/// <summary>
/// Waits on any number of channels with one parked thread, and has each channel's messages handled on the thread pool or
/// on a <see cref="WorkerPool"/>. A channel that is idle costs no thread and no polling.
/// </summary>
/// <remarks>
/// Thread-safe. One channel's messages are handled in order, one at a time; those of different channels at the same time.
/// A channel that has more messages than its turn allows goes to the back of the line, so that none starves.
/// </remarks>
/// <example><code>
/// await using var selector = new ChannelSelector();
/// foreach (var channel in channels)
///     selector.Add(channel.Reader, (in Reading reading) => Handle(in reading));
/// </code></example>
public sealed class ChannelSelector : IAsyncDisposable
{
    private readonly ConcurrentQueue<SelectorEntry> _ready = new();
    private readonly ConcurrentDictionary<SelectorEntry, bool> _entries = new();
    private readonly SemaphoreSlim _signals = new(0);
    private readonly WorkerPool? _pool;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;

    /// <summary>Makes a selector and starts its thread.</summary>
    /// <param name="pool">Where handlers run; null for the thread pool. Not disposed by the selector.</param>
    /// <param name="name">What its thread is called.</param>
    public ChannelSelector(WorkerPool? pool = null, string name = "Psyne.Flow selector")
    {
        _pool = pool;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Channels that are listened to and haven't ended.</summary>
    public int Count => _entries.Count;

    /// <summary>The most messages of a channel that are handled before others get their turn, 1 or more. Default 256.</summary>
    public int MaxMessagesPerTurn
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxMessagesPerTurn), value, $"MaxMessagesPerTurn {value} is below 1.");
    } = 256;

    /// <summary>Has a channel's messages handled, by reference into the slab.</summary>
    /// <returns>Disposing it stops listening to that channel; its completion tells how it ended.</returns>
    /// <exception cref="ObjectDisposedException">The selector was disposed.</exception>
    public SelectorSubscription Add<T>(SlabReader<T> reader, MessageHandler<T> handle) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(handle);
        return Add(new ValueListener<T>(reader, handle));
    }

    /// <summary>Has a channel's frames handled, by reference into the slab.</summary>
    /// <inheritdoc cref="Add{T}(SlabReader{T}, MessageHandler{T})"/>
    public SelectorSubscription Add(FrameReader reader, FrameHandler handle)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(handle);
        return Add(new FrameListener(reader, handle));
    }

    /// <summary>Has a channel's tensors handled, by reference into the slab.</summary>
    /// <inheritdoc cref="Add{T}(SlabReader{T}, MessageHandler{T})"/>
    public SelectorSubscription Add<T>(TensorReader<T> reader, TensorHandler<T> handle) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(handle);
        return Add(new TensorListener<T>(reader, handle));
    }

    private SelectorSubscription Add(Listener listener)
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        var entry = new SelectorEntry(this, listener);
        _entries.TryAdd(entry, true);
        if (_stopping)
            entry.Stop();
        else
            entry.Arm();
        return new SelectorSubscription(entry);
    }

    /// <summary>An entry's channel has something: it waits for the selector's thread. Called by whoever publishes.</summary>
    internal void OnSignal(SelectorEntry entry)
    {
        _ready.Enqueue(entry);
        _signals.Release();
    }

    internal void OnEnded(SelectorEntry entry) => _entries.TryRemove(entry, out _);

    private void Run()
    {
        while (true)
        {
            _signals.Wait();
            while (_ready.TryDequeue(out var entry))
                Dispatch(entry);
            if (_stopping && _entries.IsEmpty)
                break;
        }
        _ended.TrySetResult();
    }

    private void Dispatch(SelectorEntry entry)
    {
        if (_pool is not null)
            _pool.Queue(entry);
        else
            ThreadPool.UnsafeQueueUserWorkItem(entry, preferLocal: false);
    }

    /// <summary>Stops listening to every channel, waits for the messages that are being handled, and ends the thread. Messages that were not handled stay in their channels.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        foreach (var entry in _entries.Keys)
            entry.Stop();
        _signals.Release();
        foreach (var entry in _entries.Keys)
            await entry.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _signals.Release();
        await _ended.Task.ConfigureAwait(false);
        Debug.Assert(_entries.IsEmpty);
        _signals.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_thread.Name}: {Count} channels";
}

#pragma warning disable RS0030 // whether the pump waits; the messages are ordered by the channel
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Psyne.Flow.Observables;

/// <summary>Takes out of a channel. While nobody observes it neither takes nor waits, so that others may use the end.</summary>
/// <remarks><c>_lock</c> guards the source of the token.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no wait handle: nothing to dispose.")]
internal sealed class ReaderFeed<T> : MessageFeed<T> where T : unmanaged
{
    private readonly SlabReader<T> _reader;
    private readonly Lock _lock = new();
    private readonly Action _onWaited;
    private CancellationTokenSource _stop = new();
    private Action _look = static () => { };
    private ValueTaskAwaiter<bool> _wait;
    private bool _waits;
    private bool _ended;
    private Exception? _fault;

    internal ReaderFeed(SlabReader<T> reader)
    {
        _reader = reader;
        _onWaited = OnWaited;
    }

    internal override void Open(Action look)
    {
        lock (_lock)
        {
            _look = look;
            if (_stop.IsCancellationRequested)
                _stop = new CancellationTokenSource();
        }
    }

    internal override void Close()
    {
        CancellationTokenSource stop;
        lock (_lock)
            stop = _stop;
        stop.Cancel();
    }

    internal override bool TryTake(out Lease<T> message)
    {
        try
        {
            return _reader.TryTake(out message);
        }
        catch (ObjectDisposedException)
        {
            End(Premature());
            message = default;
            return false;
        }
    }

    internal override bool HasEnded(out Exception? fault)
    {
        var ended = Volatile.Read(ref _ended);
        fault = _fault;
        return ended;
    }

    internal override bool LookAgain()
    {
        if (Volatile.Read(ref _waits))
            return false;
        CancellationToken token;
        lock (_lock)
            token = _stop.Token;
#pragma warning disable CA2012 // asked for its result once, in EndWait
        _wait = _reader.WaitToTakeAsync(token).GetAwaiter();
#pragma warning restore CA2012
        if (_wait.IsCompleted)
        {
            EndWait();
            return true;
        }
        Volatile.Write(ref _waits, true);
        _wait.UnsafeOnCompleted(_onWaited);
        return false;
    }

    private void OnWaited()
    {
        EndWait();
        Volatile.Write(ref _waits, false);
        _look();
    }

    private void EndWait()
    {
        try
        {
            if (!_wait.GetResult())
                End(Premature());
        }
        catch (OperationCanceledException stopped) when (!ReferenceEquals(stopped, _reader.Channel.Fault))
        {
            // The last observer left. Whoever came meanwhile opened the feed again.
        }
        catch (Exception fault) // the channel's, after its last message
        {
            End(fault);
        }
    }

    /// <summary>What to tell observers of an end that isn't the channel's own.</summary>
    private ObjectDisposedException? Premature() =>
        _reader.IsDisposedBeforeItsEnd ? new ObjectDisposedException(_reader.ToString()) : null;

    private void End(Exception? fault)
    {
        _fault = fault;
        Volatile.Write(ref _ended, true);
    }
}

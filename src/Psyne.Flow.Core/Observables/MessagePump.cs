#pragma warning disable RS0030 // the list of observers; the messages are ordered by their source
using Psyne.Flow.Blocks;

namespace Psyne.Flow.Observables;

/// <summary>
/// Takes messages from one source and calls all its observers with each, on the thread pool, while there are any. A
/// message that an observer has no room for stays with the pump, which goes on when that observer asks it to.
/// </summary>
/// <remarks><c>_gate</c> guards the list of observers, which is replaced, never changed, and the end; a feed's locks come after it.</remarks>
internal sealed class MessagePump<T> where T : unmanaged
{
    /// <summary>Messages before the pump goes to the back of the thread pool's line.</summary>
    private const int MessagesPerTurn = 256;

    private readonly Lock _gate = new();
    private readonly MessageFeed<T> _feed;
    private readonly BlockWork _work;
    private Observation<T>[] _observers = [];
    private bool _ended;
    private Exception? _fault;

    // Of the run.
    private Lease<T> _message;
    private Observation<T>[] _audience = [];
    private int _next;
    private LeaseLoan? _loan;

    internal MessagePump(MessageFeed<T> feed)
    {
        _feed = feed;
        _work = new BlockWork(BlockSettings.Of(null), Run, End);
        Returns = new ReturnWatch(Request);
    }

    /// <summary>The retained leases of all observers.</summary>
    internal ReturnWatch Returns { get; }

    /// <summary>Has the pump look for what there is to do. Doesn't block.</summary>
    internal void Request() => _work.Request();

    internal void Add(Observation<T> observer)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                Volatile.Write(ref _observers, [.. _observers, observer]);
                if (_observers.Length == 1)
                    _feed.Open(Request);
            }
        }
        // Who comes after the end is in no list.
        if (Volatile.Read(ref _ended))
            observer.End(_fault);
        else
            Request();
    }

    internal void Remove(Observation<T> observer)
    {
        lock (_gate)
        {
            var left = Array.FindAll(_observers, other => other != observer);
            var last = left.Length == 0 && _observers.Length != 0;
            Volatile.Write(ref _observers, left);
            if (last)
                _feed.Close();
        }
        Request(); // it may be what the pump waits for
    }

    /// <summary>Lends the message to an observer.</summary>
    internal LeaseLoan Lend(Lease<T> message, out long number)
    {
        _loan ??= new LeaseLoan(message.Owner!, message.Word);
        number = _loan.Begin(message.Owner!, message.Word);
        return _loan;
    }

    private void Run()
    {
        for (var handled = 0; TryFinishMessage(); handled++)
        {
            if (Volatile.Read(ref _observers).Length == 0 || Volatile.Read(ref _ended))
                return;
            if (handled == MessagesPerTurn)
            {
                Request();
                return;
            }
            while (!_feed.TryTake(out _message))
            {
                if (_feed.HasEnded(out var fault))
                {
                    End(fault);
                    return;
                }
                if (!_feed.LookAgain() || Volatile.Read(ref _observers).Length == 0)
                    return;
            }
            // Not before the take: who subscribes while the pump waits sees the message that ends the wait.
            _audience = Volatile.Read(ref _observers);
            _next = 0;
        }
    }

    /// <summary>Calls those who haven't seen the message yet. False when one has no room for it.</summary>
    private bool TryFinishMessage()
    {
        if (!_message.IsGiven)
            return true;
        for (; _next < _audience.Length; _next++)
            if (!_audience[_next].TryHandle(_message))
                return false;
        var message = _message;
        _message = default;
        _audience = [];
        message.Dispose();
        return true;
    }

    /// <summary>By the run alone, or when it threw.</summary>
    private void End(Exception? fault)
    {
        Observation<T>[] told;
        lock (_gate)
        {
            if (_ended)
                return;
            told = _observers;
            _fault = fault;
            Volatile.Write(ref _ended, true);
            if (told.Length > 0)
                _feed.Close();
            Volatile.Write(ref _observers, []);
        }
        foreach (var observer in told)
            observer.End(fault);
    }
}

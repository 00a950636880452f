#pragma warning disable RS0030 // one-time flags of a subscription
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow.Observables;

/// <summary>One observer's subscription, as the pump sees it.</summary>
internal abstract class Observation<T>(MessagePump<T> pump) : IDisposable where T : unmanaged
{
    private int _disposed;
    private bool _told;
    private bool _sourceEnded;

    private protected MessagePump<T> Pump { get; } = pump;

    /// <summary>Whether the observer may still be called.</summary>
    private protected bool IsLive => Volatile.Read(ref _disposed) == 0 && !_told;

    /// <summary>Calls the observer. False when it has no room for the message yet: then the pump is asked to come again.</summary>
    internal bool TryHandle(Lease<T> message)
    {
        if (!IsLive)
            return true;
        try
        {
            return Hand(message);
        }
        catch (Exception thrown) // by the observer, which may throw what it likes
        {
            Fail(thrown);
            return true;
        }
    }

    /// <summary>
    /// Tells the observer that the source has ended. What it holds stays its own from here on: operators unsubscribe at
    /// the end although what they handed on may still be on its way to another thread.
    /// </summary>
    internal void End(Exception? fault)
    {
        Volatile.Write(ref _sourceEnded, true);
        Tell(fault);
    }

    private void Tell(Exception? fault)
    {
        if (!IsLive)
            return;
        _told = true;
        try
        {
            if (fault is null)
                OnCompleted();
            else
                OnError(fault);
        }
        catch (Exception thrown) // by the observer
        {
            Report(thrown);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Pump.Remove(this);
        if (Volatile.Read(ref _sourceEnded))
            LeaveToHolders();
        else
            GiveBack();
    }

    /// <summary>Ends the subscription with an error: the observer is told, then what it holds is given back.</summary>
    private protected void EndWith(Exception error)
    {
        Tell(error);
        Dispose();
    }

    private void Fail(Exception thrown)
    {
        EndWith(thrown);
        Report(thrown);
    }

    private void Report(Exception thrown)
    {
        FlowEventSource.Log.Misuse("observable", $"An observer threw: {thrown.Message}");
        try
        {
            Raise(thrown);
        }
        catch (Exception again) // by a handler of the event: the others are not to suffer
        {
            FlowEventSource.Log.Misuse("observable", $"A handler of ObserverFailed threw: {again.Message}");
        }
    }

    private protected abstract bool Hand(Lease<T> message);

    private protected abstract void OnCompleted();

    private protected abstract void OnError(Exception fault);

    private protected abstract void Raise(Exception thrown);

    /// <summary>Returns what the observer holds.</summary>
    private protected virtual void GiveBack() { }

    /// <summary>What the observer holds is returned by whoever holds it, or when nobody does any more.</summary>
    private protected virtual void LeaveToHolders() { }
}

#pragma warning disable RS0030 // a one-time flag of a timer
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Observables;

/// <summary>An observer that is given leases which last until it disposes them or unsubscribes, within its budget.</summary>
internal sealed class RetainedObservation<T>(
    MessagePump<T> pump, SlabObservable<Lease<T>> observable, IObserver<Lease<T>> observer, RetainedOptions options)
    : ObserverCalls<T, Lease<T>>(pump, observable, observer) where T : unmanaged
{
    private readonly RetainedLeases _leases = new(System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), options.ByteBudget, pump.Returns);
    private Timer? _patience; // of the pump's run
    private bool _isOver;

    private protected override bool Hand(Lease<T> message)
    {
        if (!_leases.HasRoom)
        {
            Pump.Returns.Expect();
            if (!_leases.HasRoom) // else one returned before that was expected
                return IsLate();
        }
        if (Share(message) is not { } share)
            return IsLate();
        StopWaiting();
        if (_leases.TryAdd(share.Owner!, share.Word, out var lease))
            Observer.OnNext(new Lease<T>(_leases, lease));
        return true;
    }

    /// <summary>Null when all slots for copies are leased, some of them by the pump's observers.</summary>
    /// <exception cref="ChannelFullException">All are leased by others, whose returns nobody tells.</exception>
    private Lease<T>? Share(Lease<T> message)
    {
        try
        {
            return message.Retain();
        }
        catch (ChannelFullException)
        {
            var mayReturn = Pump.Returns.Expect();
            try
            {
                return message.Retain(); // one may have returned before that was expected
            }
            catch (ChannelFullException) when (mayReturn)
            {
                return null;
            }
        }
    }

    /// <summary>True when it was waited for long enough, and the subscription failed; false to come again.</summary>
    private bool IsLate()
    {
        if (options.ReturnTimeout != TimeSpan.Zero && !Volatile.Read(ref _isOver))
        {
            if (options.ReturnTimeout != Timeout.InfiniteTimeSpan)
                _patience ??= new Timer(static state => ((RetainedObservation<T>)state!).OnOver(), this, Waits.Milliseconds(options.ReturnTimeout), Timeout.Infinite);
            return false;
        }
        StopWaiting();
        EndWith(new LeaseBudgetException(
            $"An observer holds {_leases.Held} retained leases of its budget of {options.ByteBudget} bytes, and returned none within {options.ReturnTimeout}."));
        return true;
    }

    private void OnOver()
    {
        Volatile.Write(ref _isOver, true);
        Pump.Request();
    }

    private void StopWaiting()
    {
        if (_patience is null)
            return;
        _patience.Dispose();
        _patience = null;
        Volatile.Write(ref _isOver, false);
    }

    private protected override void GiveBack() => _leases.End();

    private protected override void LeaveToHolders() => _leases.LeaveToHolders();
}

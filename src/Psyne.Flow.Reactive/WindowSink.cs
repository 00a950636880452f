using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Psyne.Flow.Reactive;

/// <summary>Hands leases on in windows, and holds those of the open one.</summary>
internal sealed class WindowSink<T>(IObserver<IObservable<Lease<T>>> observer, int count) : LeaseSink<T, IObservable<Lease<T>>>(observer) where T : unmanaged
{
    private readonly List<Lease<T>> _leases = [];
    private Subject<Lease<T>>? _window;

    private protected override void Take(Lease<T> lease)
    {
        _leases.Add(lease);
        if (_window is null)
        {
            _window = new Subject<Lease<T>>();
            Observer.OnNext(_window.AsObservable());
        }
        _window?.OnNext(lease); // there is none any more when the observer unsubscribed
        if (_leases.Count == count)
            Flush();
    }

    private protected override void Flush()
    {
        _window?.OnCompleted();
        Drop();
    }

    private protected override void Drop()
    {
        _window = null; // at unsubscribe its observers are left without an end, as Rx does
        foreach (var lease in _leases)
            if (lease.IsHeld) // else an observer of the window disposed it
                lease.Dispose();
        _leases.Clear();
    }

    private protected override void Fail(Exception error)
    {
        _window?.OnError(error);
        base.Fail(error);
    }
}

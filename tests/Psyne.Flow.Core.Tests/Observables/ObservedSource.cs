using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Observables;

/// <summary>A channel and what its messages are observed through: its read end, or a block over that.</summary>
public abstract class ObservedSource<T>(SlabChannel<T> channel) : IDisposable where T : unmanaged, INumbered<T>
{
    /// <summary>Opened first: a broadcast has no messages before it has a consumer.</summary>
    private readonly SlabReader<T> _reader = channel.Reader;

    internal SlabChannel<T> Channel { get; } = channel;

    internal long Held => Channel.Statistics.HeldLeases;

    /// <summary>Messages that nobody has taken.</summary>
    internal virtual long Waiting => _reader.Count;

    internal abstract SlabObservable<T> Values { get; }

    internal abstract SlabObservable<Lease<T>> Loans { get; }

    internal abstract SlabObservable<Lease<T>> Retained(RetainedOptions? options = null);

    internal void Publish(int number) => Channel.Writer.Publish(T.Of(number));

    internal void Publish(params ReadOnlySpan<int> numbers)
    {
        foreach (var number in numbers)
            Publish(number);
    }

    /// <summary>Observes in one of the forms; retained leases are disposed at once.</summary>
    internal (IDisposable Subscription, Observed Seen) Observe(Form form, Action<int>? next = null)
    {
        Action<int> told = next ?? (static _ => { });
        switch (form)
        {
            case Form.Value:
                var values = new Recorder<T>(static value => value.Number, value => told(value.Number));
                return (Values.Subscribe(values), new Observed(values.Numbers, values.Wrongs, values.End));
            case Form.Lease:
                var loans = new Recorder<Lease<T>>(static lease => lease.Value.Number, lease => told(lease.Value.Number));
                return (Loans.Subscribe(loans), new Observed(loans.Numbers, loans.Wrongs, loans.End));
            default:
                var owners = new Recorder<Lease<T>>(static lease => lease.Value.Number, lease =>
                {
                    using (lease)
                        told(lease.Value.Number);
                });
                return (Retained().Subscribe(owners), new Observed(owners.Numbers, owners.Wrongs, owners.End));
        }
    }

    public void Dispose()
    {
        Channel.Dispose();
        GC.SuppressFinalize(this);
    }
}

using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Blocks;

/// <summary>
/// The messages of one batch: small ones side by side in a slot of the block's own, larger ones where they were written.
/// Records are used again; each lease has a ticket, so that a batch that is dropped comes back.
/// </summary>
internal sealed class BatchRecord<T>(BatchRecords<T> home) where T : unmanaged
{
    private readonly List<Lease<T>> _leases = [];
    private Lease<T> _run;
    private long _version;

    internal long Version => HardwareAtomics.LoadAcquire(ref _version);

    internal int Count { get; private set; }

    internal ref readonly T At(int index)
    {
        Check(index);
        return ref _run.IsGiven ? ref Unsafe.Add(ref Unsafe.AsRef(in _run.Value), index) : ref _leases[index].Value;
    }

    internal Lease<T> Retain(int index)
    {
        if (!_run.IsGiven)
        {
            Check(index);
            return _leases[index].Retain();
        }
        return home.TryCopy(in At(index), out var copy)
            ? copy
            : throw new ChannelFullException("All slots for retained messages of the batch block are leased.");
    }

    private void Check(int index)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"Index {index} is outside the batch's 0 to {Count - 1}.");
    }

    internal void Add(Lease<T> lease)
    {
        _leases.Add(LeaseTicket.For(lease));
        Count++;
    }

    internal void SetRun(Lease<T> run, int count) => (_run, Count) = (LeaseTicket.For(run), count);

    internal void End(long version)
    {
        if (!TicketVersion<HardwareAtomics>.TryEnd(ref _version, version))
            throw new LeaseException("The batch was disposed before.");
        if (_run.IsGiven)
            _run.Dispose();
        _run = default;
        foreach (var lease in _leases)
            lease.Dispose();
        _leases.Clear();
        Count = 0;
        home.Return(this);
    }
}

using Psyne.Flow.Atomics;

namespace Psyne.Flow.Blocks;

/// <summary>Messages that a join brought together, each in the slot in which it was written. Used again where a join made it.</summary>
/// <remarks>Each lease has a ticket, so that messages come back that are dropped.</remarks>
internal sealed class JoinLeases<T1, T2, T3>(Stack<JoinLeases<T1, T2, T3>>? home) : JoinRecord<T1, T2, T3>
    where T1 : unmanaged
    where T2 : unmanaged
    where T3 : unmanaged
{
    private Lease<T1> _first;
    private Lease<T2> _second;
    private Lease<T3> _third;
    private long _version;

    /// <summary>A record of the three, from among the spare ones; the handle is its version.</summary>
    internal static JoinLeases<T1, T2, T3> Of(Stack<JoinLeases<T1, T2, T3>>? home, Lease<T1> first, Lease<T2> second, Lease<T3> third, out long handle)
    {
        JoinLeases<T1, T2, T3>? record = null;
        if (home is not null)
            lock (home)
                home.TryPop(out record);
        record ??= new JoinLeases<T1, T2, T3>(home);
        record._first = Ticketed(first);
        record._second = Ticketed(second);
        record._third = Ticketed(third);
        handle = HardwareAtomics.LoadAcquire(ref record._version);
        return record;
    }

    private static Lease<T> Ticketed<T>(Lease<T> lease) where T : unmanaged => lease.IsGiven ? LeaseTicket.For(lease) : lease;

    internal override bool IsHeld(long handle) => TicketVersion<HardwareAtomics>.IsOut(ref _version, handle);

    private void Check(long handle)
    {
        if (!IsHeld(handle))
            throw Ended();
    }

    internal override ref readonly T1 First(long handle)
    {
        Check(handle);
        return ref _first.Value;
    }

    internal override ref readonly T2 Second(long handle)
    {
        Check(handle);
        return ref _second.Value;
    }

    internal override ref readonly T3 Third(long handle)
    {
        Check(handle);
        return ref _third.Value;
    }

    internal override Lease<T1> RetainFirst(long handle)
    {
        Check(handle);
        return _first.Retain();
    }

    internal override Lease<T2> RetainSecond(long handle)
    {
        Check(handle);
        return _second.Retain();
    }

    internal override Lease<T3> RetainThird(long handle)
    {
        Check(handle);
        return _third.Retain();
    }

    internal override void End(long handle)
    {
        if (!TicketVersion<HardwareAtomics>.TryEnd(ref _version, handle))
            throw Ended();
        var (first, second, third) = (_first, _second, _third);
        (_first, _second, _third) = (default, default, default);
        if (home is not null)
            lock (home)
                home.Push(this);
        Dispose(first, second, third);
    }

    /// <summary>All of them, also where one was disposed apart before, which is an error.</summary>
    private static void Dispose(Lease<T1> first, Lease<T2> second, Lease<T3> third)
    {
        try
        {
            if (first.IsGiven)
                first.Dispose();
        }
        finally
        {
            try
            {
                if (second.IsGiven)
                    second.Dispose();
            }
            finally
            {
                if (third.IsGiven)
                    third.Dispose();
            }
        }
    }
}

using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;

namespace Psyne.Flow.Channels;

/// <summary>One producer's handle ring.</summary>
internal struct SingleHandleRing<TRoom>(SingleProducer<long, HardwareAtomics, TRoom> producer) : IHandleRing
    where TRoom : struct, IRoom<HardwareAtomics>
{
    private SingleProducer<long, HardwareAtomics, TRoom> _producer = producer;

    public long Published => _producer.Published;

    public long Publish(long lease)
    {
        // A consumer between taking a lease and releasing its position is all that there may be to wait for.
        while (!_producer.HasRoom(1))
            HardwareAtomics.Pause();
        _producer.Next = lease;
        _producer.Publish();
        return _producer.Cursor.Next - 1;
    }
}

/// <summary>Several producers' handle ring.</summary>
internal readonly struct MultiHandleRing<TRoom>(MultiProducer<long, HardwareAtomics, TRoom> producer) : IHandleRing
    where TRoom : struct, IRoom<HardwareAtomics>
{
    public long Published => producer.Published;

    public long Publish(long lease) => producer.PublishHandle(lease);
}

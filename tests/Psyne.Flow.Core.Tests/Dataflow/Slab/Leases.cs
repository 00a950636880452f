namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>Leases on pooled slots of a channel of the test's own; the channel says which are held.</summary>
public sealed class Leases<T> : Messages<Lease<T>> where T : unmanaged, INumbered<T>
{
    private readonly SlabChannel<T> _channel = SlabChannel.CreateMpmc<T>(new SlabChannelOptions { Capacity = 8192, FullMode = FullMode.DropOldest });

    public override int Live => (int)_channel.Statistics.HeldLeases;

    public override Lease<T> Make(int value)
    {
        lock (_channel)
        {
            _channel.Writer.Publish(T.Of(value));
            return _channel.Reader.Take();
        }
    }

    public override bool ReclaimsDropped => true;

    public override void Reclaim()
    {
        for (int tries = 0; Live > 0 && tries < 20; tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            // Who is just done with a message, on another thread, may still have it in hand.
            SpinWait.SpinUntil(() => Live == 0, TimeSpan.FromMilliseconds(10));
        }
    }

    public override int Read(Lease<T> message) => message.Value.Number;

    public override void Free(Lease<T> message) => message.Dispose();
}

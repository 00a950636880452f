using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>Batches of our batch block, all of a batch's messages with the same number. A test makes one by a block of its own.</summary>
public sealed class LeaseBatches<T>(Leases<T> items, int size) : Messages<OwnedLeaseBatch<T>> where T : unmanaged, INumbered<T>
{
    private readonly SlabBatchBlock<T> _maker = new(size);

    public Leases<T> Items => items;

    public int Size => size;

    public override int Live => items.Live;

    public override int Weight => size;

    public override bool ReclaimsDropped => true;

    public override void Reclaim() => items.Reclaim();

    public override OwnedLeaseBatch<T> Make(int value)
    {
        for (int i = 0; i < size; i++)
            Assert.True(_maker.Post(items.Make(value)));
        return _maker.Receive();
    }

    public override int Read(OwnedLeaseBatch<T> message)
    {
        Assert.Equal(size, message.Count);
        int first = message[0].Number;
        for (int i = 1; i < size; i++)
            Assert.Equal(first, message[i].Number);
        return first;
    }

    public override void Free(OwnedLeaseBatch<T> message) => message.Dispose();
}

/// <summary>Pairs of our join, of the same number.</summary>
public sealed class LeasePairs<T>(Leases<T> items) : Messages<LeasePair<T, T>> where T : unmanaged, INumbered<T>
{
    public Leases<T> Items => items;

    public override int Live => items.Live;

    public override int Weight => 2;

    public override bool ReclaimsDropped => true;

    public override void Reclaim() => items.Reclaim();

    public override LeasePair<T, T> Make(int value) => new(items.Make(value), items.Make(value));

    public override int Read(LeasePair<T, T> message)
    {
        Assert.Equal(message.First.Number, message.Second.Number);
        return message.First.Number;
    }

    public override void Free(LeasePair<T, T> message) => message.Dispose();
}

/// <summary>Triples of our join, of the same number.</summary>
public sealed class LeaseTriples<T>(Leases<T> items) : Messages<LeaseTriple<T, T, T>> where T : unmanaged, INumbered<T>
{
    public Leases<T> Items => items;

    public override int Live => items.Live;

    public override int Weight => 3;

    public override bool ReclaimsDropped => true;

    public override void Reclaim() => items.Reclaim();

    public override LeaseTriple<T, T, T> Make(int value) => new(items.Make(value), items.Make(value), items.Make(value));

    public override int Read(LeaseTriple<T, T, T> message)
    {
        Assert.Equal(message.First.Number, message.Second.Number);
        Assert.Equal(message.First.Number, message.Third.Number);
        return message.First.Number;
    }

    public override void Free(LeaseTriple<T, T, T> message) => message.Dispose();
}

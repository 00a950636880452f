namespace Psyne.Flow.Tests.Dataflow;

/// <summary>Batches of one size, all of a batch's messages with the same number.</summary>
public sealed class Batches<T>(Messages<T> items, int size) : Messages<T[]>
{
    public Messages<T> Items => items;

    public int Size => size;

    public override int Live => items.Live;

    public override int Weight => size * items.Weight;

    public override bool ReclaimsDropped => items.ReclaimsDropped;

    public override void Reclaim() => items.Reclaim();

    public override T[] Make(int value) => [.. Enumerable.Range(0, size).Select(_ => items.Make(value))];

    public override int Read(T[] message)
    {
        Assert.Equal(size, message.Length);
        return Assert.Single(message.Select(items.Read).Distinct());
    }

    public override void Free(T[] message)
    {
        foreach (T item in message)
            items.Free(item);
    }
}

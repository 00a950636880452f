namespace Psyne.Flow.Tests.Dataflow;

/// <summary>Pairs of messages with the same number.</summary>
public sealed class Pairs<T>(Messages<T> items) : Messages<Tuple<T, T>>
{
    public Messages<T> Items => items;

    public override int Live => items.Live;

    public override int Weight => 2 * items.Weight;

    public override bool ReclaimsDropped => items.ReclaimsDropped;

    public override void Reclaim() => items.Reclaim();

    public override Tuple<T, T> Make(int value) => Tuple.Create(items.Make(value), items.Make(value));

    public override int Read(Tuple<T, T> message)
    {
        Assert.Equal(items.Read(message.Item1), items.Read(message.Item2));
        return items.Read(message.Item1);
    }

    public override void Free(Tuple<T, T> message)
    {
        items.Free(message.Item1);
        items.Free(message.Item2);
    }
}

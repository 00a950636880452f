using System.Globalization;

namespace Psyne.Flow.Peers.Work;

/// <summary>The blocks of one case, from a producer thread to an action.</summary>
/// <param name="Kind">How they are linked.</param>
/// <param name="Bytes">Payload bytes a message.</param>
/// <param name="Size">Stages of a pipeline, the source and the action included; targets of a fan-out; messages of a batch.</param>
/// <param name="Parallelism">Of each transform.</param>
internal sealed record Graph(GraphKind Kind, int Bytes, int Size, int Parallelism = 1)
{
    /// <summary>The bound of every bounded block.</summary>
    public int Bound => Bytes <= 4 << 10 ? 1024 : 16;

    /// <summary>What the runner's threads do: one writes, one waits for the end.</summary>
    public Shape AsShape => new(Bytes, new Topology(1, 1), Batch: false, Touch: false);

    public string Name => Kind switch
    {
        GraphKind.Pipeline => string.Create(CultureInfo.InvariantCulture, $"pipeline/{Shape.SizeName(Bytes)}/{Size}/parallel-{Parallelism}"),
        GraphKind.FanOut => string.Create(CultureInfo.InvariantCulture, $"fan-out/{Shape.SizeName(Bytes)}/{Size}"),
        GraphKind.Batch => string.Create(CultureInfo.InvariantCulture, $"batch/{Shape.SizeName(Bytes)}/{Size}"),
        _ => $"join/{Shape.SizeName(Bytes)}",
    };
}

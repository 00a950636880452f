using System.Globalization;

namespace Psyne.Flow.Peers.Work;

/// <summary>How many threads write and how many compete to read. `4x1` is four producers and one consumer.</summary>
internal readonly record struct Topology(int Producers, int Consumers)
{
    public int Threads => Producers + Consumers;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Producers}x{Consumers}");
}

namespace Psyne.Flow.Peers.Work;

/// <summary>
/// What makes every message unique: the producer in the top byte, its running number from 1 below.
/// Zero is no stamp; a reader returns it for a payload that was damaged, and the tally counts it as an error.
/// </summary>
internal static class Stamp
{
    private const int ProducerShift = 56;

    /// <summary>The stamp of number <paramref name="number"/> (from 1) of a producer.</summary>
    public static ulong Of(int producer, ulong number) => ((ulong)producer << ProducerShift) | number;

    public static int Producer(ulong stamp) => (int)(stamp >> ProducerShift);

    /// <summary>The wrapping sum of all stamps of a round in which each of the producers wrote <paramref name="each"/>.</summary>
    public static ulong Sum(int producers, ulong each)
    {
        var numbers = each % 2 == 0 ? each / 2 * (each + 1) : (each + 1) / 2 * each;
        ulong sum = 0;
        for (var producer = 0; producer < producers; producer++)
        {
            sum = unchecked(sum + numbers + each * ((ulong)producer << ProducerShift));
        }

        return sum;
    }
}

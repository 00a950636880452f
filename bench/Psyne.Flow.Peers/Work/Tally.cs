using System.Runtime.CompilerServices;

namespace Psyne.Flow.Peers.Work;

/// <summary>
/// One consumer's account of what it read: count, wrapping sum, and whether each producer's stamps only went up.
/// Competing consumers each see a part, so what must hold for each is "up", and for all together count and sum.
/// </summary>
/// <remarks>
/// Copy it to a local before a loop and back afterwards: then its fields live in registers. With one producer the
/// last stamp is a field and not an array element, because a load that waits for the store of the message before
/// would cost more than the hand-off that is measured.
/// </remarks>
internal struct Tally(int producers)
{
    private readonly ulong[]? lastOfEach = producers == 1 ? null : new ulong[producers];
    private ulong last;
    private ulong errors;

    public ulong Count { get; private set; }

    public ulong Sum { get; private set; }

    public readonly ulong Errors => errors;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong stamp)
    {
        Count++;
        Sum = unchecked(Sum + stamp);
        if (lastOfEach is null)
        {
            errors += stamp <= last ? 1UL : 0UL;
            last = stamp;
            return;
        }

        var producer = Stamp.Producer(stamp);
        if ((uint)producer < (uint)lastOfEach.Length)
        {
            ref var previous = ref lastOfEach[producer];
            errors += stamp <= previous ? 1UL : 0UL;
            previous = stamp;
        }
        else
        {
            errors++;
        }
    }

    /// <summary>Takes over what native code counted.</summary>
    public void AddCounted(ulong count, ulong sum, ulong wrong)
    {
        Count += count;
        Sum = unchecked(Sum + sum);
        errors += wrong;
    }
}

namespace Psyne.Flow.Channels;

/// <summary>The one consumer of a channel with lanes: a run of messages from one lane, then the next lane that has any.</summary>
/// <remarks>One thread at a time takes; the sums are for all.</remarks>
internal sealed class SequentialLanesReader<T>(SequentialRingReader<T>[] lanes) : LanesReader<SequentialRingReader<T>>(lanes)
    where T : unmanaged
{
    private int _at;

    /// <summary>The lane whose turn it is.</summary>
    internal SequentialRingReader<T> Current => Lanes[_at];

    /// <summary>After all that was known of the lane was taken: the next lane that has messages, itself last. False when none has.</summary>
    internal bool Next()
    {
        var lane = _at;
        do
        {
            lane = After(lane);
            if (Lanes[lane].Consumer.Look(Turn))
            {
                _at = lane;
                return true;
            }
        }
        while (lane != _at);
        return false;
    }

    public override bool TryTake(out LeaseOwner owner, out long lease, out long position)
    {
        owner = Current;
        var taken = Current.TryTake(out lease);
        if (!taken && Next())
        {
            owner = Current;
            taken = Current.TryTake(out lease);
        }
        position = lease;
        return taken;
    }

    public override int TryTakeMany(int most, out LeaseOwner owner, out long first, out long[]? handles)
    {
        var count = Current.TryTakeMany(most, out owner, out first, out handles);
        return count == 0 && Next() ? Current.TryTakeMany(most, out owner, out first, out handles) : count;
    }
}

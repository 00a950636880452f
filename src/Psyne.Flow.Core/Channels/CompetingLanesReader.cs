namespace Psyne.Flow.Channels;

/// <summary>The competing consumers of a channel with lanes. Each end keeps to a lane while that gives messages, so that two rarely meet on one head.</summary>
/// <remarks>Any thread may call it.</remarks>
internal sealed class CompetingLanesReader<T>(CompetingRingReader<T>[] lanes) : LanesReader<CompetingRingReader<T>>(lanes)
    where T : unmanaged
{
    private int _ends;
    private int _takes; // a hint: torn counts do no harm

    /// <summary>The lane at which another end begins.</summary>
    internal int First() => (int)((uint)_ends++ % (uint)Lanes.Length);

    // For ends that keep no lane of their own: takes that wait, or are tracked.

    private int Start => (int)((uint)_takes++ / 16 % (uint)Lanes.Length);

    public override bool TryTake(out LeaseOwner owner, out long lease, out long position)
    {
        var lane = Start;
        for (var tried = 0; tried < Lanes.Length; tried++, lane = After(lane))
            if (Lanes[lane].TryTake(out owner, out lease, out position))
                return true;
        (owner, lease, position) = (Lanes[lane], 0, 0);
        return false;
    }

    public override int TryTakeMany(int most, out LeaseOwner owner, out long first, out long[]? handles)
    {
        var lane = Start;
        for (var tried = 0; tried < Lanes.Length; tried++, lane = After(lane))
            if (Lanes[lane].TryTakeMany(most, out owner, out first, out handles) is > 0 and var count)
                return count;
        (owner, first, handles) = (Lanes[lane], 0, null);
        return 0;
    }
}

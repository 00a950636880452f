namespace Psyne.Flow.Channels;

/// <summary>The read side of a channel with lanes: what holds of all of them together.</summary>
internal abstract class LanesReader<TLane>(TLane[] lanes) : IReaderCore where TLane : LeaseOwner, IReaderCore
{
    /// <summary>Messages taken from one lane before the next one's turn, but for what a producer published at once.</summary>
    internal const int Turn = 256;

    internal TLane[] Lanes { get; } = lanes;

    // Each lane's figure moves towards the end once the gates are closed, so their sum does.

    public long Taken
    {
        get
        {
            var taken = 0L;
            foreach (var lane in Lanes)
                taken += lane.Taken;
            return taken;
        }
    }

    public bool HasMessage
    {
        get
        {
            foreach (var lane in Lanes)
                if (lane.HasMessage)
                    return true;
            return false;
        }
    }

    public long HeldInRing
    {
        get
        {
            var held = 0L;
            foreach (var lane in Lanes)
                held += lane.HeldInRing;
            return held;
        }
    }

    public long Lagged => 0;

    public abstract bool TryTake(out LeaseOwner owner, out long lease, out long position);

    public abstract int TryTakeMany(int most, out LeaseOwner owner, out long first, out long[]? handles);

    public void Leave() { }

    /// <summary>The lane after one.</summary>
    internal int After(int lane) => lane + 1 < Lanes.Length ? lane + 1 : 0;
}

using Psyne.Flow.Channels;

namespace Psyne.Flow;

// With lanes: which is taken from next. What is left of a lane's turn goes by the fast path.
public sealed partial class SlabReader<T>
{
    private SequentialLanesReader<T>? _lanes;
    private CompetingLanesReader<T>? _competingLanes;

    // Of a competing end; hints where several threads share it.
    private int _lane;
    private int _left;

    private void BeginWithLanes()
    {
        _lanes = Core as SequentialLanesReader<T>;
        _ring = _lanes?.Current;
        _competingLanes = Core as CompetingLanesReader<T>;
        _lane = _competingLanes?.First() ?? 0;
    }

    private Lease<T> TryTakeInTurn()
    {
        if (_competingLanes is { } competing)
            return TryTakeInTurn(competing);
        ObjectDisposedException.ThrowIf(IsEndDisposed, this);
        var lanes = _lanes!;
        do
        {
            do
            {
                var ring = lanes.Current;
                _ring = ring;
                if (ring.TryTake(out var position))
                    return new Lease<T>(ring, position);
            }
            while (!Channel.IsDisposed && lanes.Next());
        }
        while (CatchUp());
        return default;
    }

    private Lease<T> TryTakeInTurn(CompetingLanesReader<T> lanes)
    {
        ObjectDisposedException.ThrowIf(IsEndDisposed, this);
        var at = _lane;
        var lane = lanes.Lanes[at];
        if (_left > 0 && lane.TryTake(out var position))
        {
            _left--;
            return new Lease<T>(lane, position);
        }
        do
        {
            for (var tried = 0; tried < lanes.Lanes.Length; tried++)
            {
                at = lanes.After(at);
                lane = lanes.Lanes[at];
                if (!lane.TryTake(out position))
                    continue;
                _lane = at;
                _left = CompetingLanesReader<T>.Turn - 1;
                return new Lease<T>(lane, position);
            }
        }
        while (CatchUp());
        return default;
    }

    private LeaseBatch<T> TryTakeBatchInTurn(int most)
    {
        if (_competingLanes is { } competing)
            return TryTakeBatchInTurn(competing, most);
        ObjectDisposedException.ThrowIf(IsEndDisposed, this);
        var lanes = _lanes;
        do
        {
            do
            {
                var ring = lanes!.Current;
                _ring = ring;
                var count = ring.TryTakeMany(most, out var first);
                if (count > 0)
                    return new LeaseBatch<T>(ring, first, count, null);
            }
            while (!Channel.IsDisposed && lanes.Next());
        }
        while (CatchUp());
        return default;
    }

    private LeaseBatch<T> TryTakeBatchInTurn(CompetingLanesReader<T> lanes, int most)
    {
        ObjectDisposedException.ThrowIf(IsEndDisposed, this);
        var at = _lane;
        var lane = lanes.Lanes[at];
        if (_left > 0 && lane.TryTakeMany(most, out var owner, out var first, out _) is > 0 and var count)
        {
            _left -= count;
            return new LeaseBatch<T>(owner, first, count, null);
        }
        do
        {
            for (var tried = 0; tried < lanes.Lanes.Length; tried++)
            {
                at = lanes.After(at);
                lane = lanes.Lanes[at];
                count = lane.TryTakeMany(most, out owner, out first, out _);
                if (count == 0)
                    continue;
                _lane = at;
                _left = CompetingLanesReader<T>.Turn - count;
                return new LeaseBatch<T>(owner, first, count, null);
            }
        }
        while (CatchUp());
        return default;
    }
}

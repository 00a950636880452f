using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Properties;

/// <summary>A channel, and beside it what it should hold: a queue, open claims, held leases.</summary>
internal sealed class ChannelModel : IDisposable
{
    /// <summary>A lease, and what it holds on to: a place in the ring, or a slot that others may share.</summary>
    private sealed record Holding(HeldLease Lease, long Number, long Position, object? Slot);

    private readonly ChannelUnderTest _channel;
    private readonly bool _inPlace;
    private readonly bool _batches;
    private readonly Queue<(long Number, long Position)> _queue = new();
    private readonly List<(HeldClaim Claim, long Number)> _claims = [];
    private readonly List<Holding> _held = [];
    private readonly List<HeldLease> _ended = [];
    private long _nextNumber;
    private long _published;
    private bool _completed;

    internal ChannelModel(ChannelMode mode, MessageKind kind, int capacity, int lanes = 0)
    {
        _channel = ChannelUnderTest.Create(mode, kind, new SlabChannelOptions { Capacity = capacity, Lanes = lanes });
        _inPlace = (lanes > 0 || mode is ChannelMode.Spsc or ChannelMode.Spmc) && !_channel.Channel.IsPooled;
        _batches = kind is MessageKind.Long or MessageKind.Bytes200 or MessageKind.Bytes1000;
        _ = (_channel.Reader, _channel.Writer);
    }

    internal List<string> Trace { get; } = [];

    private bool Pooled => _channel.Channel.IsPooled;

    private int SlotsHeld => _held.Where(static holding => holding.Slot is not null).Select(static holding => holding.Slot).Distinct().Count();

    /// <summary>How many messages more fit. Open claims count where they have a slot already.</summary>
    private long Room
    {
        get
        {
            if (_completed)
                return 0;
            if (Pooled)
                return _channel.Channel.Capacity - _claims.Count - _queue.Count - SlotsHeld;
            var oldest = _held.Where(static holding => holding.Slot is null).Select(static holding => holding.Position)
                .Append(_published - _queue.Count).Min();
            return Math.Max(0, _channel.Channel.Capacity - (_published - oldest));
        }
    }

    internal void Step(int operation, int choice)
    {
        Trace.Add(operation switch
        {
            0 or 1 => Claim(),
            2 => Publish(choice),
            3 => Abort(choice),
            4 or 5 => Take(),
            6 => Release(choice),
            7 => Retain(choice),
            8 => WriteBatch(choice),
            9 => TakeBatch(choice),
            _ => choice == 22 ? Complete() : ReleaseAgain(choice),
        });
        Assert.Equal(_queue.Count, _channel.Channel.Count);
        Assert.Equal(_claims.Count, _channel.Channel.Statistics.OpenClaims);
        Assert.Equal(SlotsHeld + _held.Count(static holding => holding.Slot is null), _channel.Channel.Statistics.HeldLeases);
        Assert.All(_held, static holding => Assert.Equal(holding.Number, holding.Lease.Number));
    }

    private string Claim()
    {
        if (_claims.Count == 60)
            return "claim: enough";
        var number = _nextNumber++;
        if (_inPlace && _claims.Count > 0)
        {
            Assert.Throws<LeaseException>(() => _channel.Writer.TryClaim(number, out _));
            return "claim: refused";
        }
        var room = Room > 0;
        Assert.Equal(room, _channel.Writer.TryClaim(number, out var claim));
        if (room)
            _claims.Add((claim, number));
        return $"claim {number}: {room}";
    }

    private string Publish(int choice)
    {
        if (_claims.Count == 0)
            return "publish: none";
        var (claim, number) = _claims[choice % _claims.Count];
        _claims.RemoveAt(choice % _claims.Count);
        claim.Fill();
        claim.Publish();
        Assert.Throws<LeaseException>(claim.Publish);
        _queue.Enqueue((number, _published++));
        return $"publish {number}";
    }

    private string Abort(int choice)
    {
        if (_claims.Count == 0)
            return "abort: none";
        var (claim, number) = _claims[choice % _claims.Count];
        _claims.RemoveAt(choice % _claims.Count);
        claim.Dispose();
        claim.Dispose();
        return $"abort {number}";
    }

    private string Take()
    {
        var any = _queue.Count > 0;
        Assert.Equal(any, _channel.Reader.TryTake(out var lease));
        if (!any)
            return "take: none";
        var (number, position) = _queue.Dequeue();
        Assert.Equal(number, lease.Number);
        _held.Add(new Holding(lease, number, position, Pooled ? new object() : null));
        return $"take {number}";
    }

    private string Release(int choice)
    {
        if (_held.Count == 0)
            return "release: none";
        var holding = _held[choice % _held.Count];
        _held.RemoveAt(choice % _held.Count);
        holding.Lease.Dispose();
        _ended.Add(holding.Lease);
        return $"release {holding.Number}";
    }

    private string Retain(int choice)
    {
        if (_held.Count == 0)
            return "retain: none";
        var holding = _held[choice % _held.Count];
        if (holding.Slot is null && SlotsHeld == 64)
            return "retain: enough";
        _held.Add(holding with { Lease = holding.Lease.Retain(), Slot = holding.Slot ?? new object() });
        return $"retain {holding.Number}";
    }

    private string WriteBatch(int choice)
    {
        if (!_batches || (_inPlace && _claims.Count > 0))
            return "write batch: not here";
        var (most, publish) = (1 + (choice % 6), choice % 4);
        var room = Room;
        var claimed = _channel.Writer.WriteBatch(most, _nextNumber, publish);
        Assert.InRange(claimed, Math.Min(room, 1), Math.Min(room, most));
        for (var i = 0; i < Math.Min(claimed, publish); i++)
            _queue.Enqueue((_nextNumber + i, _published++));
        _nextNumber += most;
        return $"write batch: {most} asked, {claimed} claimed, {publish} published";
    }

    private string TakeBatch(int choice)
    {
        if (!_batches)
            return "take batch: not here";
        var numbers = _channel.Reader.TakeBatch(1 + (choice % 6));
        Assert.InRange(numbers.Length, Math.Min(_queue.Count, 1), Math.Min(_queue.Count, 1 + (choice % 6)));
        foreach (var number in numbers)
            Assert.Equal(_queue.Dequeue().Number, number);
        return $"take batch: {numbers.Length}";
    }

    private string Complete()
    {
        Assert.Equal(!_completed, _channel.Channel.Complete());
        _completed = true;
        return "complete";
    }

    private string ReleaseAgain(int choice)
    {
        if (_ended.Count == 0)
            return "release again: none";
        var lease = _ended[choice % _ended.Count];
        Assert.False(lease.IsHeld);
        Assert.Throws<LeaseException>(lease.Dispose);
        Assert.Throws<LeaseException>(() => lease.Retain());
        return "release again";
    }

    /// <summary>Gives everything back, takes the rest, and looks that the channel ends and frees its memory.</summary>
    internal void End()
    {
        while (_claims.Count > 0)
            Step(2, 0);
        _channel.Channel.Complete();
        while (_queue.Count > 0)
            Step(4, 0);
        Assert.Equal(TakeStatus.Closed, _channel.Reader.TryTake(TimeSpan.Zero, out _));
        Assert.True(_channel.Channel.Completion.IsCompletedSuccessfully);
        _channel.Dispose();
        while (_held.Count > 0)
        {
            Assert.False(_channel.Channel.Slab.IsDisposed);
            Trace.Add(Release(0));
        }
        Assert.True(_channel.Channel.Slab.IsDisposed);
    }

    public void Dispose() => _channel.Dispose();
}

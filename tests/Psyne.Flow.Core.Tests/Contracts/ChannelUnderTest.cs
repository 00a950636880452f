using Psyne.Flow.Channels;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Tests.Contracts;

/// <summary>A channel of any kind, its messages by number.</summary>
internal abstract class ChannelUnderTest : IDisposable
{
    internal abstract SlabChannel Channel { get; }

    internal ChannelCore Core => Channel.Core;

    /// <summary>Where the channel's own writer waits for room.</summary>
    internal WaitHub Space => Writer.End.Core.Space;

    internal abstract WriteEnd Writer { get; }

    internal abstract ReadEnd Reader { get; }

    internal abstract WriteEnd OpenWriter();

    internal abstract ReadEnd OpenReader();

    /// <summary>A lease that no channel gave.</summary>
    internal abstract HeldLease NoLease();

    /// <summary>A claim that no channel gave.</summary>
    internal abstract HeldClaim NoClaim();

    internal abstract void OnDropped(Action<long, DropReason> told);

    public void Dispose() => Channel.Dispose();

    internal static ChannelUnderTest Create(ChannelMode mode, MessageKind kind, SlabChannelOptions options) => kind switch
    {
        MessageKind.Long => new ValueChannelUnderTest<long>(mode, options),
        MessageKind.Bytes48 => new ValueChannelUnderTest<Words6>(mode, options),
        MessageKind.Bytes200 => new ValueChannelUnderTest<Words25>(mode, options),
        MessageKind.Bytes1000 => new ValueChannelUnderTest<Words125>(mode, options),
        MessageKind.ShortFrame => new FrameChannelUnderTest(mode, 40, options),
        MessageKind.LongFrame => new FrameChannelUnderTest(mode, 1000, options),
        MessageKind.Tensor => new FixedTensorChannelUnderTest(mode, options),
        MessageKind.ShapedTensor => new ShapedTensorChannelUnderTest(mode, options),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}

/// <summary>A write end, by numbers.</summary>
internal abstract class WriteEnd : IDisposable
{
    internal abstract SlabWriter End { get; }

    internal abstract HeldClaim Claim(long number, CancellationToken cancellationToken = default);

    internal abstract bool TryClaim(long number, out HeldClaim claim);

    internal abstract ClaimStatus TryClaim(long number, TimeSpan timeout, out HeldClaim claim, CancellationToken cancellationToken = default);

    internal virtual void Write(long number, CancellationToken cancellationToken = default)
    {
        using var claim = Claim(number, cancellationToken);
        claim.Fill();
        claim.Publish();
    }

    internal virtual bool TryWrite(long number)
    {
        if (!TryClaim(number, out var claim))
            return false;
        using (claim)
        {
            claim.Fill();
            claim.Publish();
        }
        return true;
    }

    internal ClaimStatus TryWrite(long number, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var status = TryClaim(number, timeout, out var claim, cancellationToken);
        if (status == ClaimStatus.Claimed)
        {
            claim.Fill();
            claim.Publish();
        }
        return status;
    }

    /// <summary>Claims up to so many, publishes the first <paramref name="publish"/> of them (numbers in a row), and gives the count claimed; 0 when there was no room.</summary>
    internal virtual int WriteBatch(int most, long first, int publish) => throw new NotSupportedException();

    public void Dispose() => End.Dispose();
}

/// <summary>A read end, by numbers.</summary>
internal abstract class ReadEnd : IDisposable
{
    internal abstract SlabReader End { get; }

    internal abstract bool TryTake(out HeldLease lease);

    internal abstract HeldLease Take(CancellationToken cancellationToken = default);

    internal abstract TakeStatus TryTake(TimeSpan timeout, out HeldLease lease, CancellationToken cancellationToken = default);

    internal abstract IAsyncEnumerable<HeldLease> ReadAllAsync(CancellationToken cancellationToken = default);

    internal abstract ChannelListener Listen(Action<long> handle, ListenerOptions? options = null);

    /// <summary>Takes up to so many and gives them back; empty when there were none.</summary>
    internal virtual long[] TakeBatch(int most) => throw new NotSupportedException();

    /// <summary>Takes one, looks at all of it and gives it back.</summary>
    internal long Next()
    {
        using var lease = Take();
        return lease.Number;
    }

    /// <summary>As <see cref="Next"/>, or null when there is none now.</summary>
    internal long? TryNext()
    {
        if (!TryTake(out var lease))
            return null;
        using (lease)
            return lease.Number;
    }

    /// <summary>Everything that is there now.</summary>
    internal List<long> Drain()
    {
        var all = new List<long>();
        while (TryNext() is { } number)
            all.Add(number);
        return all;
    }

    public void Dispose() => End.Dispose();
}

/// <summary>An open claim on the message of a number.</summary>
internal abstract class HeldClaim : IDisposable
{
    internal abstract bool IsOpen { get; }

    internal abstract void Fill();

    internal abstract void Publish();

    public abstract void Dispose();

    public abstract override string ToString();
}

/// <summary>A lease.</summary>
internal abstract class HeldLease : IDisposable
{
    internal abstract bool IsHeld { get; }

    /// <summary>The message's number; every byte of it is looked at.</summary>
    internal abstract long Number { get; }

    internal abstract HeldLease Retain();

    public abstract void Dispose();

    public abstract override string ToString();
}

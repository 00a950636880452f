using System.Runtime.CompilerServices;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;
using Psyne.Flow.Tests.Diagnostics;

namespace Psyne.Flow.Tests.Streams;

/// <summary>Async streams written to channels; over small and large messages.</summary>
public abstract class ToChannelTests<T> where T : unmanaged, INumbered<T>
{
    private const int Capacity = 8;

    private readonly SlabChannelOptions _small = new() { Capacity = Capacity };
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _given;

    /// <summary>Gives so many numbers, then waits for <paramref name="end"/>, which may fail; notes when it is disposed.</summary>
    private async IAsyncEnumerable<T> Numbers(int count, Task? end = null, [EnumeratorCancellation] CancellationToken token = default)
    {
        try
        {
            for (int i = 0; i < count; i++)
            {
                if (i % 7 == 0)
                    await Task.Yield();
                Volatile.Write(ref _given, i + 1);
                yield return T.Of(i);
            }
            if (end is not null)
                await end.WaitAsync(token);
        }
        finally
        {
            _disposed.TrySetResult();
        }
    }

    private static List<int> TakeAll(SlabReader<T> reader)
    {
        var seen = new List<int>();
        foreach (Lease<T> lease in reader.TakeAll())
            using (lease)
                seen.Add(lease.Value.Number);
        return seen;
    }

    [Fact]
    public async Task Stream_OfMoreThanTheChannelHolds_ArrivesInOrderAndEnds()
    {
        using SlabChannel<T> channel = Numbers(1000).ToChannel(_small);
        List<int> seen = await Hang.Start(() => TakeAll(channel.Reader)).Guard();

        Assert.Equal(Enumerable.Range(0, 1000), seen);
        await channel.Completion.Guard();
        await _disposed.Task.Guard();
        Assert.Equal(0, channel.Statistics.HeldLeases);
    }

    [Fact]
    public async Task FullChannel_HoldsTheStreamUp()
    {
        var pump = Numbers(1000);
        using SlabChannel<T> channel = pump.ToChannel(_small);
        // The pump stands when it waits for room; nothing was taken, so it stays so.
        Hang.UntilWaiting(channel.Core.Space);
        Assert.Equal(channel.Capacity, channel.Count);
        Assert.Equal(channel.Capacity + 1, Volatile.Read(ref _given));

        channel.Reader.Take().Dispose();
        Hang.Until(() => Volatile.Read(ref _given) == channel.Capacity + 2);
        Assert.Equal(Enumerable.Range(1, 999), await Hang.Start(() => TakeAll(channel.Reader)).Guard());
    }

    [Fact]
    public async Task Fault_OfTheStream_ComesAfterItsMessages()
    {
        using SlabChannel<T> channel = Numbers(3, Task.FromException(new FormatException("on purpose"))).ToChannel();
        for (int i = 0; i < 3; i++)
        {
            using Lease<T> lease = await Hang.Start(() => channel.Reader.Take()).Guard();
            Assert.Equal(i, lease.Value.Number);
        }
        await Assert.ThrowsAsync<FormatException>(() => channel.Reader.WaitToTakeAsync().Guard());
        await Assert.ThrowsAsync<FormatException>(() => channel.Completion.Guard());
        await _disposed.Task.Guard();
    }

    [Fact]
    public async Task Cancellation_OfTheStreamItself_IsAFault()
    {
        using SlabChannel<T> channel = Numbers(0, Task.FromException(new OperationCanceledException("its own"))).ToChannel();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => channel.Reader.WaitToTakeAsync().Guard());
        Assert.Equal("its own", thrown.Message);
    }

    [Theory]
    [InlineData(0)] // waits for the stream
    [InlineData(1000)] // waits for room
    public async Task Token_Cancelled_StopsThePumpAndIsTheFault(int count)
    {
        using var stop = new CancellationTokenSource();
        using SlabChannel<T> channel = Numbers(count, Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken)).ToChannel(_small, cancellationToken: stop.Token);
        if (count > 0)
            Hang.UntilWaiting(channel.Core.Space);

        await stop.CancelAsync();
        await _disposed.Task.Guard();
        for (int i = 0; i < Math.Min(count, channel.Capacity); i++) // what was written stays
            (await Hang.Start(() => channel.Reader.Take()).Guard()).Dispose();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => channel.Reader.WaitToTakeAsync().Guard());
        Assert.Equal(stop.Token, thrown.CancellationToken);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Channel_Disposed_StopsThePump(int count)
    {
        var forever = new TaskCompletionSource();
        SlabChannel<T> channel = Numbers(count, forever.Task).ToChannel(_small);
        if (count > 0)
            Hang.UntilWaiting(channel.Core.Space);
        channel.Dispose();
        await _disposed.Task.Guard();
    }

    [Fact]
    public async Task Channel_Completed_StopsThePump()
    {
        var forever = new TaskCompletionSource();
        using SlabChannel<T> channel = Numbers(0, forever.Task).ToChannel(_small);
        Assert.True(channel.Complete());
        await _disposed.Task.Guard();
        await channel.Completion.Guard();
    }

    [Fact]
    public async Task Fault_AfterTheChannelsEnd_IsAnEvent()
    {
        var fails = new TaskCompletionSource();
        using var listener = new FlowEvents("StreamFailed");
        var name = $"stream-{Guid.NewGuid():N}";
        SlabChannel<T> channel = Deaf(fails.Task).ToChannel(_small with { Name = name });
        channel.Dispose();
        fails.SetException(new FormatException("nobody hears it otherwise"));
        await _disposed.Task.Guard();

        Hang.Until(() => listener.Texts.Any(text => text.Contains(name, StringComparison.Ordinal)));
        Assert.Contains("nobody hears it otherwise", Assert.Single(listener.Texts, text => text.Contains(name, StringComparison.Ordinal)));
    }

    private async IAsyncEnumerable<T> Deaf(Task end)
    {
        try
        {
            await end; // without the token
            yield return default;
        }
        finally
        {
            _disposed.TrySetResult();
        }
    }

    [Fact]
    public void ToChannel_BadArguments_SayWhich()
    {
        Assert.Throws<ArgumentNullException>("source", () => ((IAsyncEnumerable<T>)null!).ToChannel());
        Assert.Throws<ArgumentNullException>("source", () => { _ = ((IAsyncEnumerable<T>)null!).WriteToAsync(null!); });
        Assert.Throws<ArgumentNullException>("writer", () => { _ = Numbers(1).WriteToAsync(null!); });
        Assert.Throws<ArgumentNullException>("leases", () => ((IAsyncEnumerable<Lease<T>>)null!).Values());
        Assert.Contains("broadcast", Assert.Throws<ArgumentOutOfRangeException>("mode", () => Numbers(1).ToChannel(mode: ChannelMode.Broadcast)).Message);
        Assert.Contains("77", Assert.Throws<ArgumentOutOfRangeException>("mode", () => Numbers(1).ToChannel(mode: (ChannelMode)77)).Message);
        Assert.Equal(0, _given);
    }

    [Fact]
    public async Task Readers_ThatCompete_ShareTheStream()
    {
        using SlabChannel<T> channel = Numbers(2000).ToChannel(_small, ChannelMode.Spmc);
        Task<List<int>>[] readers = [.. Enumerable.Range(0, 3).Select(_ => Hang.Start(() => TakeAll(channel.Reader)))];
        List<int>[] seen = await Task.WhenAll(readers).Guard();
        Assert.Equal(Enumerable.Range(0, 2000), seen.SelectMany(part => part).Order());
    }

    [Fact]
    public async Task WriteTo_LeftOpen_SeveralStreamsShareAChannel()
    {
        using var channel = SlabChannel.CreateMpsc<T>(_small);
        Task<List<int>> reading = Hang.Start(() => TakeAll(channel.Reader));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Numbers(300).WriteToAsync(channel.Writer, leaveOpen: true))).Guard();
        Assert.False(channel.Writer.IsClosed);
        channel.Complete();
        Assert.Equal(Enumerable.Range(0, 300).SelectMany(i => new[] { i, i, i }), (await reading.Guard()).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WriteTo_StreamFails_TheTaskSaysSo(bool leaveOpen)
    {
        using var channel = SlabChannel.CreateSpsc<T>();
        Task writing = Numbers(1, Task.FromException(new FormatException())).WriteToAsync(channel.Writer, leaveOpen);
        await Assert.ThrowsAsync<FormatException>(() => writing.Guard());
        channel.Reader.Take().Dispose();
        Assert.Equal(!leaveOpen, channel.Writer.IsClosed);
        if (!leaveOpen)
            await Assert.ThrowsAsync<FormatException>(() => channel.Completion.Guard());
    }

    [Fact]
    public async Task WriteTo_GoodEnd_CompletesTheChannel()
    {
        using var channel = SlabChannel.CreateSpsc<T>();
        await Numbers(2).WriteToAsync(channel.Writer).Guard();
        Assert.True(_disposed.Task.IsCompleted);
        Assert.Equal([0, 1], TakeAll(channel.Reader));
        await channel.Completion.Guard();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task WriteTo_ChannelEndsFirst_TheTaskSaysSo(int count)
    {
        var forever = new TaskCompletionSource();
        using var channel = SlabChannel.CreateSpsc<T>(_small);
        Task writing = Numbers(count, forever.Task).WriteToAsync(channel.Writer);
        if (count > 0)
            Hang.UntilWaiting(channel.Core.Space);
        channel.Complete();
        await Assert.ThrowsAsync<SlabChannelClosedException>(() => writing.Guard());
        Assert.True(_disposed.Task.IsCompleted);
    }

    [Fact]
    public async Task WriteTo_EndDisposed_TheTaskSaysSo()
    {
        using var channel = SlabChannel.CreateSpsc<T>(_small);
        Task writing = Numbers(1000).WriteToAsync(channel.Writer, leaveOpen: true);
        Hang.UntilWaiting(channel.Core.Space);
        channel.Writer.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writing.Guard());
        Assert.True(_disposed.Task.IsCompleted);
    }

    [Fact]
    public async Task WriteTo_Cancelled_ThrowsTheTokenAndLeavesAnOpenChannelAlone()
    {
        using var stop = new CancellationTokenSource();
        using var channel = SlabChannel.CreateSpsc<T>(_small);
        Task writing = Numbers(1000).WriteToAsync(channel.Writer, leaveOpen: true, stop.Token);
        Hang.UntilWaiting(channel.Core.Space);
        await stop.CancelAsync();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Guard());
        Assert.Equal(stop.Token, thrown.CancellationToken);
        Assert.False(channel.Writer.IsClosed);
        Assert.True(_disposed.Task.IsCompleted);
    }

    [Fact]
    public async Task FullMode_Fail_FailsWithAFullChannel()
    {
        using SlabChannel<T> channel = Numbers(1000).ToChannel(_small with { FullMode = FullMode.Fail });
        Hang.Until(() => channel.Writer.IsClosed);
        for (int i = 0; i < channel.Capacity; i++)
            channel.Reader.Take().Dispose();
        await Assert.ThrowsAsync<ChannelFullException>(() => channel.Completion.Guard());
        await _disposed.Task.Guard();
    }

    [Theory]
    [InlineData(FullMode.DropNewest)]
    [InlineData(FullMode.DropOldest)]
    public async Task FullMode_Drop_DropsAndGoesOn(FullMode mode)
    {
        using SlabChannel<T> channel = Numbers(1000).ToChannel(_small with { FullMode = mode }, ChannelMode.Mpmc);
        await _disposed.Task.Guard();
        List<int> seen = TakeAll(channel.Reader);
        Assert.Equal(1000, seen.Count + channel.Statistics.Drops);
        Assert.Equal(mode == FullMode.DropNewest ? Enumerable.Range(0, seen.Count) : Enumerable.Range(1000 - seen.Count, seen.Count), seen);
        Assert.InRange(seen.Count, 1, channel.Capacity);
    }

    [Fact]
    public async Task FullMode_Adaptive_ShedsWhenItsPatienceIsOver()
    {
        var adaptive = _small with { FullMode = FullMode.Adaptive, Adaptive = new AdaptivePolicy { Patience = TimeSpan.FromMilliseconds(1), Recovery = TimeSpan.FromHours(1) } };
        using SlabChannel<T> channel = Numbers(1000).ToChannel(adaptive);
        await _disposed.Task.Guard(); // nobody takes, so that it ends only by dropping
        Assert.Equal(Enumerable.Range(0, channel.Capacity), TakeAll(channel.Reader));
        Assert.Equal(1000 - channel.Capacity, channel.Statistics.Drops);
    }

    [Fact]
    public async Task FullMode_Adaptive_CancelledWhileItWaits_Stops()
    {
        using var stop = new CancellationTokenSource();
        var adaptive = _small with { FullMode = FullMode.Adaptive, Adaptive = new AdaptivePolicy { Patience = TimeSpan.FromHours(1) } };
        using var channel = SlabChannel.CreateSpsc<T>(adaptive);
        Task writing = Numbers(1000).WriteToAsync(channel.Writer, cancellationToken: stop.Token);
        Hang.UntilWaiting(channel.Core.Space);
        await stop.CancelAsync();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Guard());
        Assert.Equal(stop.Token, thrown.CancellationToken);
    }
}

public sealed class SmallToChannelTests : ToChannelTests<Small>;

public sealed class LargeToChannelTests : ToChannelTests<Large>;

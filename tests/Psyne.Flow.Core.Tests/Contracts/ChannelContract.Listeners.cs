namespace Psyne.Flow.Tests.Contracts;

public abstract partial class ChannelContract
{
    public static TheoryData<string> Places => ["dedicated", "pool", "turns of one"];

    private static ListenerOptions? Place(string place) => place switch
    {
        "dedicated" => null,
        "pool" => new ListenerOptions { Scheduler = TaskScheduler.Default },
        _ => new ListenerOptions { Scheduler = TaskScheduler.Default, MaxMessagesPerTurn = 1 },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Listen_UntilTheEnd_HandlesEveryMessageInOrder(string place)
    {
        using var channel = Open(capacity: 4);
        var seen = new List<long>();
        await using var listener = channel.Reader.Listen(seen.Add, Place(place));
        for (var i = 0; i < 40; i++)
            channel.Writer.Write(i);
        channel.Channel.Complete();
        await listener.Completion.Guard();
        Assert.Equal(Enumerable.Range(0, 40).Select(static i => (long)i), seen);
        await channel.Channel.Completion.Guard();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Listen_HandlerThrows_FaultsAndLeavesTheRest(string place)
    {
        using var channel = Open(capacity: 4);
        Fill(channel);
        var listener = channel.Reader.Listen(static number =>
        {
            if (number == 1)
                throw new TimeZoneNotFoundException();
        }, Place(place));
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => listener.Completion.Guard());
        Assert.Equal(0, channel.Channel.Statistics.HeldLeases);
        Assert.Equal([2, 3], channel.Reader.Drain());
        listener.Dispose();
        await listener.DisposeAsync();
        Traffic(channel);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Listen_Disposed_StopsAndLeavesTheChannelOpen(string place)
    {
        using var channel = Open(capacity: 4);
        var listener = channel.Reader.Listen(static _ => { }, Place(place));
        channel.Writer.Write(1);
        Hang.Until(() => channel.Channel.Count == 0);
        await listener.DisposeAsync();
        Assert.True(listener.Completion.IsCompletedSuccessfully);
        await listener.DisposeAsync();
        listener.Dispose();
        Traffic(channel);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Listen_ChannelFaults_FaultsAfterTheRest(string place)
    {
        using var channel = Open(capacity: 4);
        Fill(channel);
        channel.Channel.Complete(new TimeZoneNotFoundException());
        var seen = 0;
        await using var listener = channel.Reader.Listen(_ => seen++, Place(place));
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => listener.Completion.Guard());
        Assert.Equal(4, seen);
    }
}

namespace Psyne.Flow.Tests.Contracts;

/// <summary>What a broadcast does on top: every consumer sees every message.</summary>
public sealed class BroadcastContract
{
    public static TheoryData<MessageKind, SlabBacking> Kinds
    {
        get
        {
            var kinds = new TheoryData<MessageKind, SlabBacking>();
            foreach (var kind in Enum.GetValues<MessageKind>())
                foreach (var backing in Enum.GetValues<SlabBacking>())
                    kinds.Add(kind, backing);
            return kinds;
        }
    }

    private static ChannelUnderTest Open(MessageKind kind, SlabBacking backing, int capacity, FullMode fullMode = FullMode.Wait, int readers = 64) =>
        ChannelUnderTest.Create(ChannelMode.Broadcast, kind,
            new SlabChannelOptions { Capacity = capacity, Backing = backing, FullMode = fullMode, Readers = readers });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Take_ByReadersThatJoinedAtTimes_SeesWhatWasPublishedAfterwards(MessageKind kind, SlabBacking backing)
    {
        using var channel = Open(kind, backing, 64);
        var readers = new List<ReadEnd>();
        for (var i = 0; i < 10; i++)
        {
            channel.Writer.Write(i);
            readers.Add(channel.OpenReader());
        }
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(9 - i, readers[i].End.Count);
            Assert.Equal(Enumerable.Range(i + 1, 9 - i).Select(static n => (long)n), readers[i].Drain());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TryClaim_OneReaderSlow_IsGatedByIt(MessageKind kind, SlabBacking backing)
    {
        using var channel = Open(kind, backing, 4);
        using var fast = channel.OpenReader();
        using var slow = channel.OpenReader();
        for (var i = 0; i < 4; i++)
            channel.Writer.Write(i);
        Assert.Equal([0, 1, 2, 3], fast.Drain());
        Assert.Equal(4, channel.Channel.Count);
        Assert.False(channel.Writer.TryWrite(9));
        Assert.Equal(0, slow.Next());
        Assert.True(channel.Writer.TryWrite(4));
        Assert.False(channel.Writer.TryWrite(9));
        Assert.Equal([4], fast.Drain());
        Assert.Equal([1, 2, 3, 4], slow.Drain());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Dispose_OfTheSlowReader_FreesTheProducer(MessageKind kind, SlabBacking backing)
    {
        using var channel = Open(kind, backing, 4);
        using var fast = channel.OpenReader();
        var slow = channel.OpenReader();
        for (var i = 0; i < 4; i++)
            channel.Writer.Write(i);
        fast.Drain();
        var write = Hang.Start(() => channel.Writer.Write(4));
        Hang.UntilWaiting(channel.Core.Space);
        slow.Dispose();
        await write.Guard();
        Assert.Equal([4], fast.Drain());
        Assert.Equal(4, channel.Channel.Statistics.Published - 1);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TryClaim_NobodyReads_NeverFindsItFull(MessageKind kind, SlabBacking backing)
    {
        using var channel = Open(kind, backing, 4);
        for (var i = 0; i < 40; i++)
            Assert.True(channel.Writer.TryWrite(i));
        Assert.Equal(0, channel.Channel.Count);
        using var reader = channel.OpenReader();
        Assert.Empty(reader.Drain());
        Assert.True(channel.Writer.TryWrite(99));
        Assert.Equal([99], reader.Drain());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void OpenReader_MoreThanReaders_IsRefused(MessageKind kind, SlabBacking backing)
    {
        using var channel = Open(kind, backing, 4, readers: 3);
        for (var lap = 0; lap < 3; lap++)
        {
            var readers = Enumerable.Range(0, 3).Select(_ => channel.OpenReader()).ToList();
            Assert.Contains("3", Assert.Throws<ChannelRoleException>(() => channel.OpenReader()).Message);
            readers[lap].Dispose();
            readers[lap] = channel.OpenReader();
            channel.Writer.Write(lap);
            foreach (var reader in readers)
            {
                Assert.Equal(lap, reader.Next());
                reader.Dispose();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void OpenReader_InThePlaceOfOneThatLeftWithALease_IsNotDisturbedByIt(MessageKind kind, SlabBacking backing)
    {
        using var channel = Open(kind, backing, 4);
        using var staying = channel.OpenReader();
        var leaving = channel.OpenReader();
        channel.Writer.Write(0);
        var held = leaving.Take();
        Assert.Equal(0, staying.Next());
        leaving.Dispose();
        using var next = channel.OpenReader();
        channel.Writer.Write(1);
        Assert.Equal(0, held.Number);
        held.Dispose();
        Assert.Equal(1, staying.Next());
        for (var i = 2; i < 20; i++)
        {
            channel.Writer.Write(i);
            Assert.Equal(i, staying.Next());
            Assert.Equal(i - 1, next.Next());
        }
        Assert.Equal(0, channel.Channel.Statistics.HeldLeases);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void DropOldest_ReaderSlow_LosesAndLearnsExactlyHowMany(MessageKind kind, SlabBacking backing)
    {
        using var channel = Open(kind, backing, 4, FullMode.DropOldest);
        using var fast = channel.OpenReader();
        using var slow = channel.OpenReader();
        for (var i = 0; i < 10; i++)
        {
            channel.Writer.Write(i);
            Assert.Equal(i, fast.Next());
        }
        Assert.Equal([6, 7, 8, 9], slow.Drain());
        Assert.Equal(6, slow.End.Lagged);
        Assert.Equal(0, fast.End.Lagged);
        for (var i = 10; i < 100; i++)
        {
            channel.Writer.Write(i);
            Assert.Equal(i, fast.Next());
            if (i % 7 == 0)
                slow.TryNext();
        }
        var rest = slow.Drain();
        Assert.Equal([96, 97, 98, 99], rest);
        Assert.Equal(0, channel.Channel.Statistics.HeldLeases);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void DropOldest_ReaderTakesNowAndThen_SeenAndLostAddUp(MessageKind kind, SlabBacking backing)
    {
        using var channel = Open(kind, backing, 5, FullMode.DropOldest);
        using var reader = channel.OpenReader();
        var random = new Random(3);
        var seen = new List<long>();
        for (var i = 0; i < 300; i++)
        {
            channel.Writer.Write(i);
            if (random.Next(4) == 0 && reader.TryNext() is { } number)
                seen.Add(number);
        }
        seen.AddRange(reader.Drain());
        Assert.Equal(seen.Order().Distinct(), seen);
        Assert.Equal(300, seen.Count + reader.End.Lagged);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void DropOldest_SlowReadersLeaseHeld_StaysWhole(MessageKind kind, SlabBacking backing)
    {
        using var channel = Open(kind, backing, 4, FullMode.DropOldest);
        using var slow = channel.OpenReader();
        channel.Writer.Write(0);
        using var held = slow.Take();
        for (var i = 1; i < 30; i++)
        {
            channel.Writer.Write(i);
            Assert.Equal(0, held.Number);
        }
        Assert.Equal([27, 28, 29], slow.Drain());
        Assert.Equal(26, slow.End.Lagged);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Dispose_ManyReadersWithLeases_KeepsTheMemoryUntilTheLast(MessageKind kind, SlabBacking backing)
    {
        var channel = Open(kind, backing, 4);
        var readers = Enumerable.Range(0, 30).Select(_ => channel.OpenReader()).ToArray();
        channel.Writer.Write(8);
        var leases = readers.Select(static reader => reader.Take()).ToArray();
        Assert.False(channel.Channel.Slab.IsDisposed);
        channel.Dispose();
        foreach (var lease in leases)
        {
            Assert.False(channel.Channel.Slab.IsDisposed);
            Assert.Equal(8, lease.Number);
            lease.Dispose();
        }
        Assert.True(channel.Channel.Slab.IsDisposed);
    }
}

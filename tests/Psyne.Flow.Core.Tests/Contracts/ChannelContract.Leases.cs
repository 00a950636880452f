namespace Psyne.Flow.Tests.Contracts;

public abstract partial class ChannelContract
{
    [Fact]
    public void Lease_DisposedTwice_ThrowsAndChangesNothing()
    {
        using var channel = Open();
        Fill(channel);
        var lease = channel.Reader.Take();
        Assert.True(lease.IsHeld);
        Assert.Equal(0, lease.Number);
        Assert.DoesNotContain("not held", lease.ToString());
        lease.Dispose();
        Assert.False(lease.IsHeld);
        Assert.Contains("not held", lease.ToString());
        Misuse(channel, lease.Dispose);
        Misuse(channel, () => _ = lease.Number);
        Misuse(channel, () => lease.Retain());
        Assert.Equal(0, channel.Channel.Statistics.HeldLeases);
        Assert.True(channel.Writer.TryWrite(77));
        Assert.False(channel.Writer.TryWrite(78));
        Assert.Equal([1, 2, 3, 77], channel.Reader.Drain());
        Traffic(channel);
    }

    [Fact]
    public void Lease_StaleAfterItsSlotWasUsedAgain_TouchesNobodyElses()
    {
        using var channel = Open(capacity: 2);
        channel.Writer.Write(0);
        var stale = channel.Reader.Take();
        stale.Dispose();
        for (var i = 1; i < 40; i++)
        {
            channel.Writer.Write(i);
            Misuse(channel, stale.Dispose);
            using var lease = channel.Reader.Take();
            Assert.False(stale.IsHeld);
            Misuse(channel, stale.Dispose);
            Misuse(channel, () => _ = stale.Number);
            Assert.True(lease.IsHeld);
            Assert.Equal(i, lease.Number);
            Assert.Equal(1, channel.Channel.Statistics.HeldLeases);
        }
    }

    [Fact]
    public void Lease_NeverGiven_ThrowsLeaseException()
    {
        using var channel = Open();
        Assert.False(channel.Reader.TryTake(out var empty));
        foreach (var none in new[] { channel.NoLease(), empty })
        {
            Assert.False(none.IsHeld);
            Assert.Contains("empty", Assert.Throws<LeaseException>(none.Dispose).Message);
            Assert.Contains("empty", Assert.Throws<LeaseException>(() => _ = none.Number).Message);
            Assert.Contains("empty", Assert.Throws<LeaseException>(() => none.Retain()).Message);
            Assert.Contains("not held", none.ToString());
        }
        Traffic(channel);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Lease_ReleasedInAnyOrder_GivesEverySlotBack(int seed)
    {
        using var channel = Open(capacity: 8);
        var random = new Random(seed);
        for (var lap = 0; lap < 20; lap++)
        {
            var count = random.Next(1, 9);
            for (var i = 0; i < count; i++)
                channel.Writer.Write(lap * 100 + i);
            var leases = new HeldLease[count];
            for (var i = 0; i < count; i++)
                leases[i] = channel.Reader.Take();
            var order = Enumerable.Range(0, count).ToArray();
            random.Shuffle(order);
            foreach (var i in order)
            {
                Assert.Equal(lap * 100 + i, leases[i].Number);
                leases[i].Dispose();
                Misuse(channel, leases[i].Dispose);
            }
            Assert.Equal(0, channel.Channel.Statistics.HeldLeases);
        }
        Assert.Equal(8, Fill(channel));
    }

    [Fact]
    public async Task Lease_ReleasedByAnotherThread_GivesItsSlotBack()
    {
        using var channel = Open(capacity: 2);
        Assert.SkipWhen(LeasesStay(channel), "A lease in the ring of a sequential consumer is disposed on the consumer's side.");
        for (var i = 0; i < 10; i++)
        {
            channel.Writer.Write(i);
            var lease = channel.Reader.Take();
            var number = await Task.Run(() =>
            {
                using (lease)
                    return lease.Number;
            }).Guard();
            Assert.Equal(i, number);
        }
        Assert.Equal(2, Fill(channel));
    }

    [Fact]
    public void Retain_OriginalDisposed_KeepsTheMessage()
    {
        using var channel = Open(capacity: 4);
        channel.Writer.Write(5);
        var lease = channel.Reader.Take();
        var retained = lease.Retain();
        Assert.True(retained.IsHeld);
        lease.Dispose();
        Misuse(channel, lease.Dispose);
        Assert.True(retained.IsHeld);
        Traffic(channel);
        Assert.Equal(5, retained.Number);
        Assert.Equal(1, channel.Channel.Statistics.HeldLeases);
        var again = retained.Retain();
        retained.Dispose();
        Misuse(channel, retained.Dispose);
        Assert.Equal(5, again.Number);
        again.Dispose();
        Assert.Equal(0, channel.Channel.Statistics.HeldLeases);
        Assert.Equal(4, Fill(channel));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Retain_AHundredTimes_EachEndsOnItsOwn(int seed)
    {
        using var channel = Open(capacity: 128);
        var random = new Random(seed);
        for (var lap = 0; lap < 3; lap++)
        {
            channel.Writer.Write(lap);
            var leases = new List<HeldLease> { channel.Reader.Take() };
            while (leases.Count < 101)
                leases.Add(leases[random.Next(leases.Count)].Retain());
            while (leases.Count > 0)
            {
                var index = random.Next(leases.Count);
                var lease = leases[index];
                leases.RemoveAt(index);
                Assert.Equal(lap, lease.Number);
                lease.Dispose();
                Misuse(channel, lease.Dispose);
                Assert.All(leases.Take(3), static held => Assert.True(held.IsHeld));
            }
            Assert.Equal(0, channel.Channel.Statistics.HeldLeases);
        }
        Assert.Equal(128, Fill(channel));
    }

    [Fact]
    public async Task Retain_HandedToOtherThreads_EndsThere()
    {
        using var channel = Open(capacity: 64);
        for (var i = 0; i < 20; i++)
        {
            channel.Writer.Write(i);
            HeldLease[] shares;
            using (var lease = channel.Reader.Take())
                shares = [lease.Retain(), lease.Retain(), lease.Retain()];
            await Task.WhenAll(shares.Select(share => Task.Run(() =>
            {
                using (share)
                    Assert.Equal(i, share.Number);
            }))).Guard();
        }
        Assert.Equal(0, channel.Channel.Statistics.HeldLeases);
        Assert.Equal(64, Fill(channel));
    }
}

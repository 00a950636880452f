using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Channels;

/// <summary>What lanes add: an end for each producer, turns, a lane that is used again. The rest is in the contract's leaves.</summary>
public sealed class LaneTests
{
    public static TheoryData<ChannelMode> Modes => [ChannelMode.Mpsc, ChannelMode.Mpmc];

    private static SlabChannel<long> Open(ChannelMode mode, int lanes, int capacity = 4, FullMode fullMode = FullMode.Wait) =>
        SlabChannel.Create<long>(mode, new() { Lanes = lanes, Capacity = capacity, FullMode = fullMode, Name = "laned" });

    private static List<long> Drain(SlabReader<long> reader)
    {
        var all = new List<long>();
        while (reader.TryTake(out var lease))
        {
            using (lease)
                all.Add(lease.Value);
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void OpenWriter_BeyondTheLanes_IsRefusedUntilOneCloses(ChannelMode mode)
    {
        using var channel = Open(mode, lanes: 3);
        var ends = new[] { channel.Writer, channel.OpenWriter(), channel.OpenWriter() };
        var error = Assert.Throws<ChannelRoleException>(channel.OpenWriter);
        Assert.Contains("laned", error.Message);
        Assert.Contains("Lanes 3", error.Message);
        Assert.Equal(3, channel.Statistics.Producers);
        ends[1].Dispose();
        ends[1].Dispose();
        using var again = channel.OpenWriter();
        Assert.Throws<ChannelRoleException>(channel.OpenWriter);
        foreach (var end in new[] { ends[0], again, ends[2] })
            end.Publish(1);
        Assert.Equal(3, Drain(channel.Reader).Count);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void OpenWriter_OfAsManyLanesAsThereCanBe_GivesEachItsOwn(ChannelMode mode)
    {
        using var channel = Open(mode, SlabChannelOptions.MaximumLanes, capacity: 2);
        var ends = Enumerable.Range(0, SlabChannelOptions.MaximumLanes).Select(_ => channel.OpenWriter()).ToArray();
        Assert.Throws<ChannelRoleException>(channel.OpenWriter);
        for (var lap = 0; lap < 4; lap++)
        {
            for (var i = 0; i < ends.Length; i++)
                ends[i].Publish(100 * i + lap);
            if (lap % 2 == 1)
                Assert.Equal(Enumerable.Range(0, ends.Length).SelectMany(i => new[] { 100L * i + lap - 1, 100L * i + lap }), Drain(channel.Reader).Order());
        }
        ends[^1].Dispose();
        using var last = channel.OpenWriter();
        last.Publish(7);
        Assert.Equal([7], Drain(channel.Reader));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Capacity_IsThatOfEachLane(ChannelMode mode)
    {
        using var channel = Open(mode, lanes: 2, capacity: 3, FullMode.Fail);
        Assert.Equal((4, 2), (channel.Capacity, channel.Lanes));
        using var other = channel.OpenWriter();
        for (var i = 0; i < 4; i++)
        {
            channel.Writer.Publish(i);
            other.Publish(10 + i);
        }
        Assert.Equal(8, channel.Count);
        Assert.Equal(8, channel.Reader.Count);
        Assert.Contains("8 of 4 x 2 waiting", channel.ToString());
        Assert.Contains("2 lanes", channel.ToString());
        var statistics = channel.Statistics;
        Assert.Equal((4, 2, 8, 8), (statistics.Capacity, statistics.Lanes, statistics.Count, statistics.Published));
        Assert.Contains("8 of 4 x 2", statistics.ToString());
        foreach (var end in new[] { channel.Writer, other })
            Assert.StartsWith("A lane of", Assert.Throws<ChannelFullException>(() => end.Publish(9)).Message, StringComparison.Ordinal);
        var all = Drain(channel.Reader);
        Assert.Equal([0, 1, 2, 3], all.Where(static number => number < 10));
        Assert.Equal([10, 11, 12, 13], all.Where(static number => number >= 10));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void CapacityBytes_BoundsAllLanesTogether(ChannelMode mode)
    {
        using var channel = SlabChannel.Create<long>(mode, new() { Lanes = 4, CapacityBytes = 4 * 16 * 9 });
        Assert.Equal(8, channel.Capacity);
    }

    // As long as the busy lane gives more: a turn ends all the same.
    [Theory]
    [InlineData(ChannelMode.Mpsc, false)]
    [InlineData(ChannelMode.Mpsc, true)]
    [InlineData(ChannelMode.Mpmc, false)]
    [InlineData(ChannelMode.Mpmc, true)]
    public void Take_FromALaneThatNeverRunsDry_TurnsToTheOthers(ChannelMode mode, bool batches)
    {
        using var channel = Open(mode, lanes: 3, capacity: 1024);
        var (busy, first, second) = (channel.Writer, channel.OpenWriter(), channel.OpenWriter());
        for (var i = 0; i < 1000; i++)
            busy.Publish(0);
        long[] quiet = [0, 0, 0];
        for (var taken = 0; taken < 4000; taken++)
        {
            // A message in a quiet lane waits for two full turns and a batch at the most.
            foreach (var (end, lane) in new[] { (first, 1), (second, 2) })
            {
                if (quiet[lane] == 0)
                    end.Publish(lane);
                Assert.InRange(++quiet[lane], 1, 2 * 256 + 64);
            }
            if (batches)
            {
                Assert.True(channel.Reader.TryTakeBatch(7, out var batch));
                using (batch)
                    foreach (ref readonly var number in batch)
                        Seen(number);
            }
            else
            {
                using var lease = channel.Reader.Take();
                Seen(lease.Value);
            }
        }

        void Seen(long lane)
        {
            if (lane == 0)
                busy.Publish(0);
            else
                quiet[lane] = 0;
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void OpenWriter_InALaneThatWasUsed_ComesAfterWhatIsLeftThere(ChannelMode mode)
    {
        using var channel = Open(mode, lanes: 1);
        for (var tenant = 0; tenant < 20; tenant++)
        {
            using (var end = channel.OpenWriter())
            {
                end.Publish(2 * tenant);
                end.Publish(2 * tenant + 1);
            }
            Assert.Equal(0, channel.Statistics.Producers);
            if (tenant % 2 == 1)
                Assert.Equal(Enumerable.Range(2 * tenant - 2, 4).Select(static i => (long)i), Drain(channel.Reader));
        }
    }

    [Theory]
    [InlineData(ChannelMode.Mpsc, true)]
    [InlineData(ChannelMode.Mpsc, false)]
    [InlineData(ChannelMode.Mpmc, true)]
    [InlineData(ChannelMode.Mpmc, false)]
    public async Task DisposeWriter_ClaimOpen_KeepsTheLaneUntilItEnds(ChannelMode mode, bool publish)
    {
        using var channel = Open(mode, lanes: 2);
        using var other = channel.OpenWriter();
        var end = channel.OpenWriter();
        for (var tenant = 0; tenant < 3; tenant++)
        {
            var claim = end.ClaimOwned();
            end.Dispose();
            Assert.Throws<ChannelRoleException>(channel.OpenWriter);
            other.Publish(7);
            Assert.Throws<ChannelRoleException>(channel.OpenWriter);
            await Task.Run(() =>
            {
                claim.Value = 8;
                if (publish)
                    claim.Publish();
                claim.Dispose();
            }, TestContext.Current.CancellationToken).Guard();
            Assert.False(channel.Core.Items.Gate.HasWaiters);
            end = channel.OpenWriter();
            end.Publish(9);
            Assert.Equal(publish ? [7, 8, 9] : [7, 9], Drain(channel.Reader).Order());
            Assert.Equal(0, channel.Statistics.OpenClaims);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void DisposeWriter_ClaimOfItsThreadOpen_KeepsTheLaneUntilItEnds(ChannelMode mode)
    {
        using var channel = Open(mode, lanes: 1);
        var end = channel.OpenWriter();
        var claim = end.Claim();
        end.Dispose();
        Assert.Throws<ChannelRoleException>(channel.OpenWriter);
        claim.Value = 3;
        claim.Publish();
        using var next = channel.OpenWriter();
        next.Publish(4);
        Assert.Equal([3, 4], Drain(channel.Reader));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Claim_InALane_IsWokenByThatLanesReleasesOnly(ChannelMode mode)
    {
        using var channel = SlabChannel.Create<long>(mode, new() { Lanes = 2, Capacity = 1, Idle = IdleStrategy.Park });
        using var other = channel.OpenWriter();
        channel.Writer.Publish(0);
        other.Publish(1);
        var first = Hang.Start(() => channel.Writer.Publish(10));
        var second = Hang.Start(() => other.Publish(11));
        Hang.UntilWaiting(channel.Writer.Core.Space);
        Hang.UntilWaiting(other.Core.Space);
        long taken;
        using (var lease = channel.Reader.Take())
            taken = lease.Value;
        var (woken, left) = taken == 0 ? (first, second) : (second, first);
        await woken.Guard();
        Assert.False(left.IsCompleted);
        var rest = new List<long>();
        while (rest.Count < 3)
        {
            using var lease = channel.Reader.Take(TestContext.Current.CancellationToken);
            rest.Add(lease.Value);
        }
        await left.Guard();
        Assert.Equal([1 - taken, 10, 11], rest.Order());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Complete_ClaimOpenInOneLane_EndsWithThatOne(ChannelMode mode)
    {
        using var channel = Open(mode, lanes: 3);
        var (first, second) = (channel.OpenWriter(), channel.OpenWriter());
        first.Publish(1);
        var claim = second.ClaimOwned();
        channel.Complete();
        Assert.Throws<SlabChannelClosedException>(() => first.Publish(2));
        Assert.Equal([1], Drain(channel.Reader));
        Assert.False(channel.Completion.IsCompleted);
        var wait = channel.Reader.WaitToTakeAsync(TestContext.Current.CancellationToken);
        Assert.False(wait.IsCompleted);
        claim.Value = 5;
        claim.Publish();
        Assert.True(await wait.Guard());
        Assert.Equal([5], Drain(channel.Reader));
        await channel.Completion.Guard();
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Dispose_HeldInEachLane_KeepsTheMemoryUntilTheLast(ChannelMode mode)
    {
        var channel = Open(mode, lanes: 3);
        var (first, second, third) = (channel.OpenWriter(), channel.OpenWriter(), channel.OpenWriter());
        first.Publish(1);
        second.Publish(2);
        var (one, two) = (channel.Reader.Take(), channel.Reader.Take());
        var claim = third.ClaimOwned();
        Assert.Equal((2, 1), (channel.Statistics.HeldLeases, channel.Statistics.OpenClaims));
        channel.Dispose();
        Assert.False(channel.Slab.IsDisposed);
        two.Dispose();
        Assert.False(channel.Slab.IsDisposed);
        claim.Dispose();
        Assert.False(channel.Slab.IsDisposed);
        Assert.Equal(1, Math.Min(one.Value, 1));
        one.Dispose();
        Assert.True(channel.Slab.IsDisposed);
        foreach (var end in new[] { first, second, third })
        {
            Assert.True(end.IsClosed);
            Assert.False(end.TryPublish(4));
            end.Dispose();
        }
        _ = channel.Statistics;
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void TrackLeases_WithLanes_RemembersEach(ChannelMode mode)
    {
        using var channel = SlabChannel.Create<long>(mode, new() { Lanes = 2, TrackLeases = true });
        using var other = channel.OpenWriter();
        channel.Writer.Publish(1);
        other.Publish(2);
        Assert.Equal([1, 2], Drain(channel.Reader).Order());
        channel.Writer.Publish(1);
        other.Publish(2);
        for (var left = 2; left > 0; left--)
        {
            Assert.True(channel.Reader.TryTakeBatch(4, out var batch));
            Assert.Equal(1, batch.Count);
            batch.Dispose();
        }
        Assert.False(channel.Reader.TryTakeBatch(4, out _));
        channel.Writer.Publish(3);
        var lease = channel.Reader.Take();
        lease.Dispose();
        Assert.Contains(nameof(TrackLeases_WithLanes_RemembersEach), Assert.Throws<LeaseException>(lease.Dispose).Message);
    }

    [Fact]
    public void OpenReader_OfCompetingConsumers_BeginsAtALaneOfItsOwn()
    {
        using var channel = Open(ChannelMode.Mpmc, lanes: 2, capacity: 8);
        using var other = channel.OpenWriter();
        for (var i = 0; i < 4; i++)
        {
            channel.Writer.Publish(i);
            other.Publish(10 + i);
        }
        using var first = channel.OpenReader();
        using var second = channel.OpenReader();
        var firsts = new List<long>();
        var seconds = new List<long>();
        for (var i = 0; i < 4; i++)
        {
            using (var lease = first.Take())
                firsts.Add(lease.Value);
            using (var lease = second.Take())
                seconds.Add(lease.Value);
        }
        Assert.Equal([[0, 1, 2, 3], [10, 11, 12, 13]], new[] { firsts, seconds }.OrderBy(static all => all[0]));
    }

    [Fact]
    public void Drop_OfOneLane_LeavesTheOthers()
    {
        using var channel = Open(ChannelMode.Mpsc, lanes: 2, capacity: 2, FullMode.DropNewest);
        using var other = channel.OpenWriter();
        var drops = new List<long>();
        channel.ItemDropped += (ref readonly long number, DropReason _) => drops.Add(number);
        for (var i = 0; i < 4; i++)
            channel.Writer.Publish(i);
        other.Publish(10);
        Assert.Equal([2, 3], drops);
        Assert.Equal([0, 1, 10], Drain(channel.Reader).Order());
    }
}

using System.Runtime.CompilerServices;

namespace Psyne.Flow.Tests.Contracts;

/// <summary>What channels of fixed-size messages do on top: batches, callbacks, and claims that stay on their thread.</summary>
public abstract class ValueChannelContract<T>(ChannelMode mode, MessageKind kind, SlabBacking backing, int lanes = 0) : ChannelContract(mode, kind, backing, lanes)
    where T : unmanaged
{
    private (ChannelUnderTest, SlabChannel<T>) OpenTyped(int capacity = 4, FullMode fullMode = FullMode.Wait)
    {
        var channel = Open(capacity, fullMode);
        return (channel, ((ValueChannelUnderTest<T>)channel).Typed);
    }

    private static void Put(ref T slot, long number) => ValueChannelUnderTest<T>.Fill(ref slot, number);

    private static long Number(ref readonly T value) => ValueChannelUnderTest<T>.Number(in value);

    [Fact]
    public void MessageBytes_AreTheStructs()
    {
        using var channel = Open();
        Assert.Equal(Unsafe.SizeOf<T>(), channel.Channel.MessageBytes);
    }

    [Fact]
    public void Publish_CallbackThrows_PublishesNothing()
    {
        var (channel, typed) = OpenTyped();
        using (channel)
        {
            for (var i = 0; i < 20; i++)
            {
                Assert.Throws<TimeZoneNotFoundException>(() => typed.Writer.Publish(1, static (ref T slot, int state) =>
                {
                    Put(ref slot, state);
                    throw new TimeZoneNotFoundException();
                }));
            }
            Assert.Throws<ArgumentNullException>(() => typed.Writer.Publish<int>(1, null!));
            Assert.Equal(0, channel.Channel.Statistics.OpenClaims);
            Assert.Equal(0, channel.Channel.Count);
            typed.Writer.Publish(5, static (ref T slot, int state) => Put(ref slot, state));
            Assert.Equal([5], channel.Reader.Drain());
        }
    }

    [Fact]
    public void Claim_HereEndedTwice_ThrowsAndCounts()
    {
        var (channel, typed) = OpenTyped();
        using (channel)
        {
            var claim = typed.Writer.Claim();
            Put(ref claim.Value, 1);
            claim.Publish();
            Assert.False(claim.IsOpen);
            Assert.Contains(channel.Channel.Name, ThrownBy(claim, static c => c.Publish()).Message);
            Assert.Contains(channel.Channel.Name, ThrownBy(claim, static c => c.Value = default).Message);
            claim.Dispose();
            Assert.Equal(2, channel.Channel.Statistics.Misuses);
            Assert.Equal([1], channel.Reader.Drain());

            Claim<T> none = default;
            Assert.False(none.IsOpen);
            none.Dispose();
            Assert.Contains("empty", ThrownBy(none, static c => c.Publish()).Message);
            Assert.Contains("empty", ThrownBy(none, static c => c.Value = default).Message);
        }
    }

    private delegate void ClaimUse(Claim<T> claim);

    private static LeaseException ThrownBy(Claim<T> claim, ClaimUse use)
    {
        try
        {
            use(claim);
        }
        catch (LeaseException error)
        {
            return error;
        }
        throw new Xunit.Sdk.XunitException("No LeaseException.");
    }

    [Fact]
    public void ClaimBatch_WithRoom_PublishesInOrder()
    {
        using var channel = Open(capacity: 8);
        var (written, read) = (0L, 0L);
        for (var most = 1; most <= 8; most++)
        {
            var count = channel.Writer.WriteBatch(most, written, int.MaxValue);
            Assert.InRange(count, 1, most);
            written += count;
            Assert.Equal(written - read, channel.Channel.Count);
            foreach (var number in channel.Reader.Drain())
                Assert.Equal(read++, number);
        }
        Assert.Equal(written, read);
        Assert.Equal(8, Fills(channel));
    }

    private static int Fills(ChannelUnderTest channel)
    {
        var count = 0;
        while (channel.Writer.TryWrite(500 + count))
            count++;
        return count;
    }

    [Theory]
    [InlineData(100)]
    [InlineData(int.MaxValue)]
    public void ClaimBatch_LessRoom_GivesWhatThereIs(int most)
    {
        using var channel = Open(capacity: 8);
        channel.Writer.Write(0);
        channel.Writer.Write(1);
        channel.Writer.Write(2);
        var count = 3;
        while (channel.Writer.WriteBatch(most, count, int.MaxValue) is > 0 and var more)
            count += more;
        Assert.Equal(8, count);
        Assert.Equal(Enumerable.Range(0, 8).Select(static i => (long)i), channel.Reader.Drain());
    }

    [Fact]
    public void ClaimBatch_PartlyPublishedOrAborted_GivesTheRestBack()
    {
        using var channel = Open(capacity: 8);
        for (var lap = 0; lap < 30; lap++)
        {
            Assert.InRange(channel.Writer.WriteBatch(4, 100, publish: -1), 1, 4);
            Assert.Equal(0, channel.Channel.Count);
            Assert.Equal(0, channel.Channel.Statistics.OpenClaims);
            var count = channel.Writer.WriteBatch(4, 10, publish: 1);
            Assert.InRange(count, 1, 4);
            Assert.Equal([10], channel.Reader.Drain());
            channel.Writer.WriteBatch(4, 10, publish: 0);
            Assert.Empty(channel.Reader.Drain());
        }
        Assert.Equal(8, Fills(channel));
    }

    [Fact]
    public void ClaimBatch_OutsideItsBounds_ThrowsAndSaysBoth()
    {
        var (channel, typed) = OpenTyped(capacity: 8);
        using (channel)
        {
            Assert.Contains("-3", Assert.Throws<ArgumentOutOfRangeException>(() => typed.Writer.TryClaimBatch(-3, out _)).Message);
            Assert.Contains("0", Assert.Throws<ArgumentOutOfRangeException>(() => typed.Writer.ClaimBatch(0)).Message);
            var count = 0;
            Assert.Contains("77", Assert.Throws<ArgumentOutOfRangeException>(() =>
            {
                using var batch = typed.Writer.ClaimBatch(4);
                count = batch.Count;
                batch[77] = default;
            }).Message);
            Assert.Throws<ArgumentOutOfRangeException>(() =>
            {
                using var batch = typed.Writer.ClaimBatch(4);
                batch[-1] = default;
            });
            Assert.Contains($"0 to {count}", Assert.Throws<ArgumentOutOfRangeException>(() =>
            {
                using var batch = typed.Writer.ClaimBatch(4);
                batch.Publish(5);
            }).Message);
            Assert.Equal(0, channel.Channel.Statistics.OpenClaims);
            Assert.Equal(0, channel.Channel.Count);
            Assert.Equal(8, Fills(channel));
        }
    }

    [Fact]
    public void ClaimBatch_EndedTwice_ThrowsAndChangesNothing()
    {
        var (channel, typed) = OpenTyped(capacity: 8);
        using (channel)
        {
            var stale = typed.Writer.ClaimBatch(2);
            for (var i = 0; i < stale.Count; i++)
                Put(ref stale[i], i);
            stale.Publish();
            var published = channel.Channel.Count;
            stale.Dispose();
            Assert.True(Throws(stale, static batch => batch.Publish()));
            Assert.True(Throws(stale, static batch => batch[0] = default));
            Assert.Equal(published, channel.Channel.Count);
            Assert.Equal(2, channel.Channel.Statistics.Misuses);

            using (var open = typed.Writer.ClaimBatch(2))
            {
                stale.Dispose();
                Assert.True(Throws(stale, static batch => batch.Publish()));
                Assert.True(Throws(stale, static batch => batch[0] = default));
                for (var i = 0; i < open.Count; i++)
                    Put(ref open[i], published + i);
                open.Publish(1);
            }
            Assert.Equal(Enumerable.Range(0, (int)published + 1).Select(static i => (long)i), channel.Reader.Drain());

            ClaimBatch<T> none = default;
            none.Dispose();
            Assert.Equal(0, none.Count);
            Assert.True(Throws(none, static batch => batch.Publish()));
        }
    }

    private delegate void BatchUse(ClaimBatch<T> batch);

    private static bool Throws(ClaimBatch<T> batch, BatchUse use)
    {
        try
        {
            use(batch);
            return false;
        }
        catch (LeaseException)
        {
            return true;
        }
    }

    [Fact]
    public void TakeBatch_WithMessages_GivesThemInOrder()
    {
        using var channel = Open(capacity: 8);
        var (written, read) = (0L, 0L);
        for (var lap = 0; lap < 20; lap++)
        {
            while (channel.Writer.TryWrite(written))
                written++;
            for (var most = 1; most <= 4; most++)
            {
                var numbers = channel.Reader.TakeBatch(most);
                Assert.InRange(numbers.Length, 0, most);
                foreach (var number in numbers)
                    Assert.Equal(read++, number);
            }
        }
        foreach (var number in channel.Reader.TakeBatch(int.MaxValue))
            Assert.Equal(read++, number);
        Assert.Equal(read, written - channel.Channel.Count);
        Assert.Equal(0, channel.Channel.Statistics.HeldLeases);
    }

    [Fact]
    public void TakeBatch_EmptyOrOutsideItsBounds_SaysSo()
    {
        var (channel, typed) = OpenTyped();
        using (channel)
        {
            Assert.False(typed.Reader.TryTakeBatch(4, out _));
            Assert.Contains("0", Assert.Throws<ArgumentOutOfRangeException>(() => typed.Reader.TryTakeBatch(0, out _)).Message);
            Assert.Contains("-7", Assert.Throws<ArgumentOutOfRangeException>(() => typed.Reader.TakeBatch(-7)).Message);
            channel.Writer.Write(1);
            Assert.Contains("0 to 0", Assert.Throws<ArgumentOutOfRangeException>(() =>
            {
                using var batch = typed.Reader.TakeBatch(4);
                _ = batch[1];
            }).Message);
            Assert.Equal(0, channel.Channel.Statistics.HeldLeases);
            typed.Writer.Complete();
            Assert.Throws<SlabChannelClosedException>(() => typed.Reader.TakeBatch(4));
        }
    }

    [Fact]
    public void TakeBatch_DisposedTwice_ThrowsAndTouchesNobodyElses()
    {
        var (channel, typed) = OpenTyped(capacity: 4);
        using (channel)
        {
            Fills(channel);
            Assert.True(typed.Reader.TryTakeBatch(2, out var stale));
            stale.Dispose();
            Assert.True(Throws(stale, static batch => batch.Dispose()));
            Assert.True(Throws(stale, static batch => _ = batch[0]));
            Assert.True(typed.Reader.TryTakeBatch(2, out var other));
            Assert.Equal(2, other.Count);
            Assert.True(Throws(stale, static batch => batch.Dispose()));
            Assert.True(Throws(stale, static batch => _ = batch[0]));
            Assert.True(Throws(stale, static batch => batch.Retain(0).Dispose()));
            Assert.Equal(502, Number(in other[0]));
            Assert.Equal(503, Number(in other[1]));
            Assert.Equal(2, channel.Channel.Statistics.HeldLeases);
            other.Dispose();
            Assert.Equal(4, Fills(channel));
            default(LeaseBatch<T>).Dispose();
        }
    }

    private delegate void LeaseBatchUse(LeaseBatch<T> batch);

    private static bool Throws(LeaseBatch<T> batch, LeaseBatchUse use)
    {
        try
        {
            use(batch);
            return false;
        }
        catch (LeaseException)
        {
            return true;
        }
    }

    [Fact]
    public void TakeBatch_OneRetained_OutlivesTheBatch()
    {
        var (channel, typed) = OpenTyped(capacity: 4);
        using (channel)
        {
            Fills(channel);
            Lease<T> retained;
            using (var batch = typed.Reader.TakeBatch(3))
                retained = batch.Retain(1);
            Assert.Equal(501, Number(in retained.Value));
            channel.Reader.Drain();
            for (var i = 0; i < 12; i++)
            {
                channel.Writer.Write(i);
                Assert.Equal(i, channel.Reader.Next());
            }
            Assert.Equal(501, Number(in retained.Value));
            retained.Dispose();
            Assert.Equal(0, channel.Channel.Statistics.HeldLeases);
        }
    }

    [Theory]
    [InlineData(FullMode.Fail)]
    [InlineData(FullMode.DropNewest)]
    [InlineData(FullMode.DropOldest)]
    public async Task ClaimBatch_Full_FollowsThePolicy(FullMode fullMode)
    {
        var (channel, typed) = OpenTyped(2, fullMode);
        using (channel)
        {
            channel.Writer.Write(0);
            channel.Writer.Write(1);
            var drops = new List<long>();
            channel.OnDropped((number, _) => drops.Add(number));
            var claim = Hang.Start(() =>
            {
                using var batch = typed.Writer.ClaimBatch(1);
                Put(ref batch[0], 2);
                batch.Publish();
            });
            if (fullMode == FullMode.Fail)
                await Assert.ThrowsAsync<ChannelFullException>(() => claim.Guard());
            else
                await claim.Guard();
            Assert.Equal(fullMode == FullMode.DropOldest ? [1, 2] : [0, 1], channel.Reader.Drain());
            Assert.Equal((fullMode, Broadcasts) switch
            {
                (FullMode.DropNewest, _) => [2],
                (FullMode.DropOldest, false) => [0],
                _ => [],
            }, drops);
        }
    }

    [Fact]
    public async Task ClaimBatch_WhileParked_IsWokenByARelease()
    {
        var (channel, typed) = OpenTyped(capacity: 2);
        using (channel)
        {
            Assert.Equal(2, Fills(channel));
            var claim = Hang.Start(() =>
            {
                using var batch = typed.Writer.ClaimBatch(1);
                Put(ref batch[0], 7);
                batch.Publish();
            });
            Hang.UntilWaiting(channel.Space);
            channel.Reader.Next();
            await claim.Guard();
            Assert.Equal([501, 7], channel.Reader.Drain());
        }
    }
}

namespace Psyne.Flow.Tests.Contracts;

public abstract partial class ChannelContract
{
    [Fact]
    public void OpenWriter_ASecond_IsRefusedWhereThereIsOne()
    {
        Assert.SkipWhen(lanes > 0, "A producer a lane, and no order between them: see LaneTests.");
        using var channel = Open();
        Assert.Same(channel.Writer.End, channel.Writer.End);
        if (OneProducer)
        {
            Assert.Contains(channel.Channel.Name, Assert.Throws<ChannelRoleException>(() => channel.OpenWriter()).Message);
            Assert.Equal(1, channel.Channel.Statistics.Producers);
            channel.Writer.Write(1);
            channel.Writer.Dispose();
            channel.Writer.Dispose();
            Assert.Equal(0, channel.Channel.Statistics.Producers);
        }
        else
        {
            channel.Writer.Write(1);
        }
        using var second = channel.OpenWriter();
        second.Write(2);
        if (!OneProducer)
            channel.Writer.Write(3);
        else
            Assert.Throws<ChannelRoleException>(() => channel.OpenWriter());
        Assert.Equal(OneProducer ? [1, 2] : [1, 2, 3], channel.Reader.Drain());
    }

    [Fact]
    public void OpenReader_ASecond_IsRefusedWhereThereIsOne()
    {
        using var channel = Open(capacity: 8);
        for (var i = 0; i < 6; i++)
            channel.Writer.Write(i);
        Assert.Equal(0, channel.Reader.Next());
        if (OneConsumer)
        {
            Assert.Contains(channel.Channel.Name, Assert.Throws<ChannelRoleException>(() => channel.OpenReader()).Message);
            channel.Reader.Dispose();
        }
        Assert.Equal(OneConsumer ? 0 : 1, channel.Channel.Statistics.Consumers);
        using var second = channel.OpenReader();
        if (Broadcasts)
        {
            Assert.Empty(second.Drain());
            Assert.Equal([1, 2, 3, 4, 5], channel.Reader.Drain());
        }
        else
        {
            // Reading goes on where it stood.
            Assert.Equal(1, second.Next());
            Assert.Equal([2, 3, 4, 5], second.Drain());
        }
        channel.Writer.Write(6);
        Assert.Equal(6, second.Next());
    }

    [Fact]
    public void OpenReader_FormersLeaseHeld_GoesOnAndTheLeaseStaysValid()
    {
        using var channel = Open(capacity: 4);
        Fill(channel);
        var held = channel.Reader.Take();
        channel.Reader.Dispose();
        Assert.True(held.IsHeld);
        using var second = channel.OpenReader();
        if (!Broadcasts)
            Assert.Equal([1, 2, 3], second.Drain());
        for (var i = 0; i < 12; i++)
        {
            if (channel.Writer.TryWrite(10 + i))
                Assert.Equal(10 + i, second.Next());
            Assert.Equal(0, held.Number);
        }
        held.Dispose();
        Assert.False(held.IsHeld);
        for (var i = 0; i < 12; i++)
        {
            channel.Writer.Write(50 + i);
            Assert.Equal(50 + i, second.Next());
        }
        Assert.Equal(4, Fill(channel));
    }

    [Fact]
    public void Dispose_AfterAReaderLeftWithALease_KeepsTheMemoryUntilItEnds()
    {
        var channel = Open(capacity: 4);
        channel.Writer.Write(3);
        var held = channel.Reader.Take();
        channel.Reader.Dispose();
        channel.Dispose();
        Assert.False(channel.Channel.Slab.IsDisposed);
        Assert.Equal(3, held.Number);
        held.Dispose();
        Assert.True(channel.Channel.Slab.IsDisposed);
    }
}

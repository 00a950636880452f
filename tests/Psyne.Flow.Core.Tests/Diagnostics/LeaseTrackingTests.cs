using System.Runtime.CompilerServices;
using Psyne.Flow.Diagnostics;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Diagnostics;

public sealed class LeaseTrackingTests
{
    private static readonly SlabChannelOptions s_tracked = new() { Capacity = 8, TrackLeases = true };

    [Theory]
    [InlineData(ChannelMode.Spsc)]
    [InlineData(ChannelMode.Mpmc)]
    [InlineData(ChannelMode.Broadcast)]
    public void TrackedLease_UsedAfterRelease_SaysWhereItWasTakenAndDisposed(ChannelMode mode)
    {
        using var channel = SlabChannel.Create<long>(mode, s_tracked);
        _ = channel.Reader;
        channel.Writer.Publish(7);
        var lease = channel.Reader.Take();
        Assert.Equal(7, lease.Value);
        Assert.True(lease.IsHeld);
        lease.Dispose();

        var error = Assert.Throws<LeaseException>(() => lease.Value);
        Assert.Contains("Taken", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(TrackedLease_UsedAfterRelease_SaysWhereItWasTakenAndDisposed), error.Message, StringComparison.Ordinal);
        Assert.Throws<LeaseException>(() => lease.Dispose());
        Assert.False(lease.IsHeld);
        Assert.Equal(2, channel.Statistics.Misuses);
    }

    [Fact]
    public void TrackedLease_Retained_IsTrackedOnItsOwn()
    {
        using var channel = SlabChannel.CreateSpsc<long>(s_tracked);
        channel.Writer.Publish(7);
        var lease = channel.Reader.Take();
        var retained = lease.Retain();
        lease.Dispose();
        Assert.Equal(7, retained.Value);
        retained.Dispose();
        Assert.Equal(0, channel.Statistics.HeldLeases);
    }

    [Fact]
    public void TrackedLease_LongEnded_IsRefusedWithoutItsStack()
    {
        using var channel = SlabChannel.CreateSpsc<long>(s_tracked);
        channel.Writer.Publish(0);
        var old = channel.Reader.Take();
        old.Dispose();
        for (var i = 0; i < 1024; i++) // as many ends as are remembered
        {
            channel.Writer.Publish(i);
            channel.Reader.Take().Dispose();
        }
        var message = Assert.Throws<LeaseException>(() => old.Value).Message;
        Assert.Contains("was disposed before", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Taken", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leak_OfALease_IsCountedAndNamesItsStack()
    {
        LeakReport? report = null;
        void OnLeaked(LeakReport leaked)
        {
            if (leaked.Channel == "leaky")
                report = leaked;
        }

        LeakDetector.Leaked += OnLeaked;
        try
        {
            var before = LeakDetector.LeakedLeases;
            LeakOne();
            Hang.Until(() =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return report is not null;
            });
            Assert.Equal(1, report!.Leases);
            Assert.Contains(report.TakenAt, stack => stack.Contains(nameof(LeakOne), StringComparison.Ordinal));
            Assert.True(LeakDetector.LeakedLeases > before);
        }
        finally
        {
            LeakDetector.Leaked -= OnLeaked;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeakOne()
    {
        var channel = SlabChannel.CreateMpmc<Words125>(s_tracked with { Name = "leaky" });
        channel.Writer.Publish(default);
        _ = channel.Reader.Take();
    }
}

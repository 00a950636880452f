using Psyne.Flow.ModelChecking.Hardware;
using Xunit;

namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>
/// That this machine does what the models say: store buffering without a fence (the control, or the rest proves
/// nothing), none with fences, none with the process-wide barrier on one side alone.
/// </summary>
[Collection(nameof(AloneCollection))]
public class HardwareLitmusTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(300);

    [Fact]
    public void StoreBuffering_WithFences_IsNeverSeen() => Judge<FullFence, FullFence>();

    [Fact]
    public void StoreBuffering_ProcessWideBarrierOnOneSide_IsNeverSeen() => Judge<NoFence, ProcessWideFence>();

    private void Judge<TFirst, TSecond>()
        where TFirst : struct, IStoreLoadFence
        where TSecond : struct, IStoreLoadFence
    {
        if (Environment.ProcessorCount < 2)
        {
            Assert.Skip("INCONCLUSIVE: one core; two threads never run at the same time.");
        }

        var control = new StoreBufferingLitmus<NoFence, NoFence>();
        control.Run(Limit, rounds: 100_000);
        var subject = new StoreBufferingLitmus<TFirst, TSecond>();
        subject.Run(Limit, control.Total);
        output.WriteLine(
            $"control: {control.BothMissed:N0} of {control.Total:N0} rounds, subject: {subject.BothMissed:N0} of {subject.Total:N0}");
        Assert.True(
            subject.BothMissed == 0,
            $"VIOLATION: {subject.BothMissed} of {subject.Total:N0} rounds show store buffering in spite of the fences.");

        // At the control's rate, the subject would have shown this many, had its fences done nothing.
        var expected = control.BothMissed * (double)subject.Total / control.Total;
        if (expected < 3)
        {
            Assert.Skip(
                $"INCONCLUSIVE: the control without fences showed {control.BothMissed} in {control.Total:N0} "
                + $"rounds, the subject ran {subject.Total:N0}.");
        }
    }
}

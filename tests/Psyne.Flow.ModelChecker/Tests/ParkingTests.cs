using Xunit;

namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>
/// The waiting protocol of the design: publish is a store and a look at the waiter word, without a fence; the parker
/// sets the word, runs the process-wide barrier, looks again, and sleeps.
/// </summary>
public class ParkingTests
{
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Park_BarrierAndSecondLook_NoWakeUpIsLost(MemoryModel model)
    {
        var report = Model.Check(new ModelOptions { Model = model, Preemptions = 4 }, Handshake(ModelAtomics.ProcessWideBarrier));

        Assert.True(report.Complete);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Park_WithoutBarrier_LosesAWakeUp(MemoryModel model)
    {
        var failure = Model.Find(new ModelOptions { Model = model }, Handshake(() => { }));

        Assert.Equal(FailureKind.Deadlock, failure?.Kind);
        Assert.Contains("T1 is parked on signal", failure!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Park_FenceOnTheParkersSideOnly_LosesAWakeUp(MemoryModel model)
    {
        var failure = Model.Find(new ModelOptions { Model = model }, Handshake(ModelAtomics.FullFence));

        Assert.Equal(FailureKind.Deadlock, failure?.Kind);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Park_WithoutSecondLook_LosesAWakeUp(MemoryModel model)
    {
        var failure = Model.Find(
            new ModelOptions { Model = model }, Handshake(ModelAtomics.ProcessWideBarrier, looksAgain: false));

        Assert.Equal(FailureKind.Deadlock, failure?.Kind);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Park_WithTimeout_TimesOutAndIsWoken(MemoryModel model)
    {
        bool sawTimeout = false, sawWake = false;
        var report = Model.Check(
            new ModelOptions { Model = model, SpuriousWakes = 1 },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StoreRelease(ref state.Signal, 1); ModelAtomics.Unpark(ref state.Signal, 1); },
                state =>
                {
                    var woken = ModelAtomics.Park(ref state.Signal, 0, 10);
                    sawWake |= woken;
                    sawTimeout |= !woken;
                },
            ]);

        Assert.True(report.Complete);
        Assert.True(sawTimeout && sawWake);
    }

    [Fact]
    public void Park_NobodyLeftToWake_OnlyTimeoutsEnd()
    {
        Model.Check(
            new ModelOptions { Timeouts = 0 },
            memory => new Words(memory),
            [state => Assert.False(ModelAtomics.Park(ref state.Signal, 0, 10))]);

        var failure = Model.Find(
            new ModelOptions(), memory => new Words(memory), [state => ModelAtomics.Park(ref state.Signal, 0, -1)]);
        Assert.Equal(FailureKind.Deadlock, failure?.Kind);
    }

    [Fact]
    public void Unpark_OneOfTwoSleepers_LeavesTheOther()
    {
        var wokenByOthers = new HashSet<long>();
        var failure = Model.Find(
            new ModelOptions(),
            memory => new Words(memory),
            [
                state => { ModelAtomics.Park(ref state.Signal, 0, -1); state.Seen[0] = 1; wokenByOthers.Add(0); },
                state => { ModelAtomics.Park(ref state.Signal, 0, -1); state.Seen[1] = 1; wokenByOthers.Add(1); },
                state => ModelAtomics.Unpark(ref state.Signal, 1),
            ]);

        Assert.Equal(FailureKind.Deadlock, failure?.Kind);

        wokenByOthers.Clear();
        var report = Model.Check(
            new ModelOptions(),
            memory => new Words(memory),
            [
                state => { if (ModelAtomics.Park(ref state.Signal, 0, 5)) { wokenByOthers.Add(0); } },
                state => { if (ModelAtomics.Park(ref state.Signal, 0, 5)) { wokenByOthers.Add(1); } },
                state => ModelAtomics.Unpark(ref state.Signal, 1),
            ]);
        Assert.True(report.Complete);
        Assert.Equal(2, wokenByOthers.Count);
    }

    /// <summary>A sleep and a wake alone make no plain data safe.</summary>
    [Fact]
    public void PlainData_BehindAWakeOnly_IsARace()
    {
        var failure = Model.Find(
            new ModelOptions(),
            memory => new Words(memory),
            [
                state => { ModelAtomics.StorePlain(ref state.Data, 1L); ModelAtomics.Unpark(ref state.Signal, 1); },
                state => { ModelAtomics.Park(ref state.Signal, 0, 5); _ = ModelAtomics.LoadPlain(ref state.Data); },
            ]);

        Assert.Equal(FailureKind.Race, failure?.Kind);
    }

    private static Scenario<Words> Handshake(Action barrier, bool looksAgain = true) => new(
        memory => new Words(memory),
        [
            state =>
            {
                ModelAtomics.StorePlain(ref state.Data, 7L);
                ModelAtomics.StoreRelease(ref state.X, 1);
                if (ModelAtomics.LoadAcquire(ref state.Signal) != 0)
                {
                    ModelAtomics.StoreRelease(ref state.Signal, 0);
                    ModelAtomics.Unpark(ref state.Signal, 1);
                }
            },
            state =>
            {
                while (ModelAtomics.LoadAcquire(ref state.X) == 0)
                {
                    ModelAtomics.StoreRelease(ref state.Signal, 1);
                    barrier();
                    if (!looksAgain || ModelAtomics.LoadAcquire(ref state.X) == 0)
                    {
                        ModelAtomics.Park(ref state.Signal, 1, -1);
                    }
                }

                Assert.Equal(7L, ModelAtomics.LoadPlain(ref state.Data));
            },
        ]);
}

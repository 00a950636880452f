using Xunit;

namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>The search itself: it covers what it says, ends where it must, and repeats what it found.</summary>
public class SchedulingTests
{
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Counter_CompareExchange_IsExact(MemoryModel model)
    {
        var report = Model.Check(
            new ModelOptions { Model = model, Preemptions = 4 },
            memory => new Words(memory),
            [state => Increment(ref state.X, 2), state => Increment(ref state.X, 2)],
            state => Assert.Equal(4, state.X));

        Assert.True(report.Complete);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Counter_LoadThenStore_LosesAnIncrement(MemoryModel model)
    {
        var failure = Model.Find(
            new ModelOptions { Model = model, Preemptions = 1, StaleReads = 0 }, LossyCounter());

        Assert.Equal(FailureKind.Assertion, failure?.Kind);
    }

    [Fact]
    public void Counter_LoadThenStore_WithoutPreemptionsIsNotFound()
    {
        var report = Model.Check(new ModelOptions { Preemptions = 0, StaleReads = 0 }, LossyCounter());

        Assert.True(report.Complete);
    }

    /// <summary>Three threads of two steps: 6! / (2! 2! 2!) = 90 interleavings, each once.</summary>
    [Fact]
    public void Interleavings_WithoutBound_AreAllSeenOnce()
    {
        var order = new List<int>();
        var seen = new HashSet<string>();
        Action<Words> Steps(int thread) => state =>
        {
            for (var i = 0; i < 2; i++)
            {
                ModelAtomics.Add(ref state.X, 1);
                order.Add(thread);
            }
        };

        var report = Model.Check(
            new ModelOptions { Preemptions = 100 },
            memory => { order.Clear(); return new Words(memory); },
            [Steps(0), Steps(1), Steps(2)],
            _ => Assert.True(seen.Add(string.Concat(order))));

        Assert.True(report.Complete);
        Assert.Equal(90, report.Executions);
        Assert.Equal(90, seen.Count);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Pause_SpinningConsumer_Ends(MemoryModel model)
    {
        var report = Model.Check(
            new ModelOptions { Model = model },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StorePlain(ref state.Data, 1L); ModelAtomics.StoreRelease(ref state.X, 1); WaitFor(ref state.Y, 1); },
                state => { WaitFor(ref state.X, 1); ModelAtomics.StorePlain(ref state.Data, 2L); ModelAtomics.StoreRelease(ref state.Y, 1); },
            ],
            state => Assert.Equal(2, state.Data));

        Assert.True(report.Complete);
    }

    [Fact]
    public void Pause_NobodyStores_IsALivelock()
    {
        var failure = Model.Find(
            new ModelOptions(), memory => new Words(memory),
            [state => WaitFor(ref state.X, 1), state => ModelAtomics.StoreRelease(ref state.Y, 1)]);

        Assert.Equal(FailureKind.Livelock, failure?.Kind);
        Assert.Contains("T0 pauses", failure!.Reason, StringComparison.Ordinal);
    }

    /// <summary>Two threads that keep making news for each other must not keep a third from running for ever.</summary>
    [Fact]
    public void Pause_TwoNoisySpinners_LetAThirdRun()
    {
        var report = Model.Check(
            new ModelOptions { Preemptions = 1, StaleReads = 1, MaxExecutions = 20_000 },
            memory => new Words(memory),
            [NoisyWait, NoisyWait, state => ModelAtomics.StoreRelease(ref state.X, 1)]);

        Assert.True(report.Executions > 1);
    }

    [Fact]
    public void Steps_WithoutEnd_AreALivelock()
    {
        var failure = Model.Find(
            new ModelOptions { MaxSteps = 200 }, memory => new Words(memory),
            [state => { while (ModelAtomics.LoadAcquire(ref state.X) == 0) { } }]);

        Assert.Equal(FailureKind.Livelock, failure?.Kind);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Replay_OfAFailure_FindsItAgain(MemoryModel model)
    {
        var options = new ModelOptions { Model = model };
        var failure = Model.Find(options, LossyCounter())!;

        var again = Assert.Throws<ModelFailure>(() => Model.Replay(options, LossyCounter(), failure.Schedule));

        Assert.Equal(failure.Kind, again.Kind);
        Assert.Equal(failure.Trace, again.Trace);
        Assert.Contains("StoreRelease x <- 1", failure.Trace, StringComparison.Ordinal);
        Assert.Contains(nameof(LossyIncrement), failure.Trace, StringComparison.Ordinal);
        Assert.IsType<Xunit.Sdk.EqualException>(failure.InnerException);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Scenario_DependsOnItsLastExecution_IsNondeterminism(bool hasOtherAlternatives)
    {
        var executions = 0;
        var failure = Model.Find(
            new ModelOptions(),
            memory => { executions++; return new Words(memory); },
            [_ => Model.Choose(executions == 1 ? 3 : hasOtherAlternatives ? 2 : 1)]);

        Assert.Equal(FailureKind.Nondeterminism, failure?.Kind);
    }

    [Fact]
    public void Choose_InScenario_TakesEveryValue()
    {
        var taken = new HashSet<int>();
        var report = Model.Check(
            new ModelOptions(), memory => new Words(memory), [_ => taken.Add(Model.Choose(5))]);

        Assert.Equal(5, report.Executions);
        Assert.Equal(5, taken.Count);
    }

    private static Scenario<Words> LossyCounter() => new(
        memory => new Words(memory),
        [LossyIncrement, LossyIncrement],
        state => Assert.Equal(2, state.X));

    private static void LossyIncrement(Words state) =>
        ModelAtomics.StoreRelease(ref state.X, ModelAtomics.LoadAcquire(ref state.X) + 1);

    private static void Increment(ref long counter, int times)
    {
        for (var i = 0; i < times; i++)
        {
            long seen;
            do
            {
                seen = ModelAtomics.LoadAcquire(ref counter);
            }
            while (ModelAtomics.CompareExchange(ref counter, seen + 1, seen) != seen);
        }
    }

    private static void WaitFor(ref long word, long value)
    {
        while (ModelAtomics.LoadAcquire(ref word) != value)
        {
            ModelAtomics.Pause();
        }
    }

    private static void NoisyWait(Words state)
    {
        while (ModelAtomics.LoadAcquire(ref state.X) == 0)
        {
            ModelAtomics.Add(ref state.Y, 1);
            ModelAtomics.Pause();
        }
    }
}

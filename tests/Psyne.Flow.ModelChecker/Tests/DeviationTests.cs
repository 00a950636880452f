using Xunit;

namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>The joint bound for scenarios whose space is otherwise too large.</summary>
public class DeviationTests
{
    [Fact]
    public void Deviations_None_IsOneExecution()
    {
        var report = Model.Check(new ModelOptions { Deviations = 0 }, ThreeIncrements());

        Assert.True(report.Complete);
        Assert.Equal(1, report.Executions);
    }

    [Fact]
    public void Deviations_One_IsSmallerThanWithoutAndStillComplete()
    {
        var bounded = Model.Check(new ModelOptions { Deviations = 1 }, ThreeIncrements());
        var free = Model.Check(new ModelOptions(), ThreeIncrements());

        Assert.True(bounded.Complete);
        Assert.InRange(bounded.Executions, 2, free.Executions - 1);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Deviations_Two_FindStoreBuffering(MemoryModel model)
    {
        var failure = Model.Find(
            new ModelOptions { Model = model, Deviations = 2 },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StoreRelease(ref state.X, 1); state.Observe(0, ref state.Y); },
                state => { ModelAtomics.StoreRelease(ref state.Y, 1); state.Observe(1, ref state.X); },
            ],
            state => Assert.False(state.BothSawNothing));

        Assert.Equal(FailureKind.Assertion, failure?.Kind);
    }

    private static Scenario<Words> ThreeIncrements() => new(
        memory => new Words(memory),
        [Increment, Increment, Increment],
        state => Assert.Equal(6, state.X));

    private static void Increment(Words state)
    {
        ModelAtomics.Add(ref state.X, 1);
        ModelAtomics.Add(ref state.X, 1);
    }
}

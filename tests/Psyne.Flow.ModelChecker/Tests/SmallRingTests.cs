using Xunit;

namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>The checker on code of the shape that it is made for.</summary>
public class SmallRingTests(ITestOutputHelper output)
{
    private const int Messages = 5;

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Ring_Correct_DeliversAllInOrder(MemoryModel model)
    {
        var report = Model.Check(new ModelOptions { Model = model }, Scenario(memory => new SmallRing(memory, 2)));

        output.WriteLine($"{model}: {report}");
        Assert.True(report.Complete);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Ring_CorrectInRandomMode_DeliversAllInOrder(MemoryModel model)
    {
        var report = Model.Check(
            new ModelOptions { Model = model, Random = true, MaxExecutions = 5_000 },
            Scenario(memory => new SmallRing(memory, 2)));

        output.WriteLine($"{model}, random: {report}");
        Assert.Equal(5_000, report.Executions);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Ring_ClaimsTooEarly_IsFound(MemoryModel model) =>
        Assert.NotNull(Model.Find(
            new ModelOptions { Model = model },
            Scenario(memory => new SmallRing(memory, 2) { ClaimsTooEarly = true })));

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Ring_PublishesPlain_IsARace(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Model.Find(
            new ModelOptions { Model = model },
            Scenario(memory => new SmallRing(memory, 2) { PublishesPlain = true }))?.Kind);

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Ring_ReleasesBeforeReading_IsARace(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Model.Find(
            new ModelOptions { Model = model },
            Scenario(memory => new SmallRing(memory, 2) { ReleasesBeforeReading = true }))?.Kind);

    private static Scenario<SmallRing> Scenario(Func<ModelMemory, SmallRing> setup) => new(
        setup,
        [ring => ring.Produce(Messages), ring => ring.Consume(Messages)],
        ring => Assert.Equal(Enumerable.Range(100, Messages).Select(i => (long)i), ring.Received));
}

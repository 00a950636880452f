using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Slots;

/// <summary>A slow reader never gets a message that isn't the one at its position, nor the payload of a freed slot.</summary>
public class LossyBroadcastTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void LossyBroadcast_SlowReader_GetsTheMessageOfThePositionOrNone(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Scenario<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void LossyBroadcast_TwoReaders_GetTheMessageOfThePositionOrNone(MemoryModel model) =>
        Exploration.Explore(output, model, 2, new Scenario<LossyBroadcast<ModelAtomics>>(
            memory => new LossyBroadcast<ModelAtomics>(memory, 3),
            [broadcast => broadcast.Produce(), broadcast => broadcast.Consume(), broadcast => broadcast.Consume()]));

    [Theory]
    [MemberData(nameof(Models))]
    public void LossyBroadcast_ReaderLooksOnce_GetsAnotherMessage(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 3, Scenario<ModelAtomics>(once: true)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void LossyBroadcast_HandleWrittenPlain_IsARace(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, 3, Scenario<ModelAtomics>(plain: true)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void LossyBroadcast_SlotFreedBeforeItsPosition_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 3, Scenario<ModelAtomics>(freesFirst: true)).Kind);

    private static Scenario<LossyBroadcast<TAtomics>> Scenario<TAtomics>(bool once = false, bool plain = false, bool freesFirst = false)
        where TAtomics : struct, IAtomics => new(
            memory => new LossyBroadcast<TAtomics>(memory, 4) { LooksOnce = once, WritesHandlePlain = plain, FreesFirst = freesFirst },
            [broadcast => broadcast.Produce(), broadcast => broadcast.Consume()]);
}

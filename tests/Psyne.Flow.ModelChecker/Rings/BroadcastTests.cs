using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>MultiProducer, BroadcastRoom, ReaderTable and a SequentialConsumer for each reader.</summary>
public class BroadcastTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Broadcast_ReaderJoinsUnderWay_MissesNothingFromThenOn(MemoryModel model) =>
        Exploration.Explore(output, model, null, Joining<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Broadcast_TwoReaders_BothSeeEveryMessage(MemoryModel model) =>
        Exploration.Explore(output, model, 2, BroadcastRing<ModelAtomics>.Scenario(joined: true, 3,
            ring => ring.Produce(0, 3),
            ring => ring.Consume(0, 3),
            ring =>
            {
                ring.Join(1);
                ring.Consume(1, 3);
            }));

    [Theory]
    [MemberData(nameof(Models))]
    public void Broadcast_ReaderLeaves_OthersGoOn(MemoryModel model) =>
        Exploration.Explore(output, model, 2, BroadcastRing<ModelAtomics>.Scenario(joined: true, 4,
            ring => ring.Produce(0, 4),
            ring =>
            {
                ring.Consume(0, 1);
                ring.Leave(0);
            },
            ring =>
            {
                ring.Join(1);
                ring.Consume(1, 4);
            }));

    [Theory]
    [MemberData(nameof(Models))]
    public void Broadcast_TwoProducers_ReadersAgreeOnTheOrder(MemoryModel model) =>
        Exploration.Explore(output, model, 2, BroadcastRing<ModelAtomics>.Scenario(joined: true, 4,
            ring => ring.Produce(0, 2),
            ring => ring.Produce(100, 2),
            ring => ring.Consume(0, 4)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Broadcast_JoinWithoutFence_Overruns(MemoryModel model) =>
        Exploration.Find(output, model, 3, Joining<Mutant<NoFence>>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Broadcast_PublishWithoutRelease_IsARace(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, null, Joined<Mutant<RingWordWithoutRelease>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Broadcast_ReleaseWithoutRelease_IsARace(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, null, Joined<Mutant<ReaderLineWithoutRelease>>()).Kind);

    private static IScenario Joining<TAtomics>() where TAtomics : struct, IAtomics =>
        BroadcastRing<TAtomics>.Scenario(joined: false, 3,
            ring => ring.Produce(0, 3),
            ring =>
            {
                ring.Join(0);
                ring.Consume(0, 3);
            });

    private static IScenario Joined<TAtomics>() where TAtomics : struct, IAtomics =>
        BroadcastRing<TAtomics>.Scenario(joined: true, 3, ring => ring.Produce(0, 3), ring => ring.Consume(0, 3));
}

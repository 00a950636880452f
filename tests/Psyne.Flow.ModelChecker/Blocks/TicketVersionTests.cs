using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Psyne.Flow.ModelChecking.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Blocks;

/// <summary>TicketVersion: copies of a lease end it once, and never the lease that the ticket is rented for next.</summary>
public class TicketVersionTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void TicketVersion_CopiesDisposedByTwo_OneEndsIt(MemoryModel model) =>
        Exploration.Explore(output, model, null, Copies<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void TicketVersion_WithoutCompareExchange_IsFound(MemoryModel model) =>
        Assert.NotNull(Exploration.Find(output, model, null, Copies<Mutant<TicketWithoutAtomicity>>()));

    private static Scenario<PooledTicket<TAtomics>> Copies<TAtomics>() where TAtomics : struct, IAtomics => new(
        memory => new PooledTicket<TAtomics>(memory),
        [ticket => ticket.Dispose(), ticket => ticket.Dispose(), ticket => ticket.RentAgain()],
        ticket => ticket.CheckEnds());
}

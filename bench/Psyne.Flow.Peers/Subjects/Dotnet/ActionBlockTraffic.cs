using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>
/// TPL Dataflow's ActionBlock, its fastest consumer: SingleProducerConstrained with one producer, as many parallel
/// calls as the topology has consumers. It reads on the thread pool, as it does for its users; the runner's consumer
/// threads only wait for it to end.
/// </summary>
/// <remarks>
/// The block of one constrained producer without a bound can miss a Complete that meets its consumer going to sleep:
/// each side stores and then looks at the other, without a fence on the completing side, and Completion never comes
/// (some 6 in a million rounds that end in an empty queue). There the consumer completes its own block.
/// </remarks>
internal sealed class ActionBlockTraffic<T, TCargo>(Shape shape, TCargo cargo, bool bounded) : ITraffic
    where TCargo : struct, ICargo<T>
{
    [ThreadStatic]
    private static Account? mine;

    private readonly Lock accountsLock = new();
    private readonly bool completesItself = !bounded && shape.Threads is (1, 1);
    private List<Account> accounts = [];
    private Account only = null!;
    private ActionBlock<T> block = null!;

    public void Begin(long messages)
    {
        accounts = [];
        only = new Account(accounts, shape.Threads.Producers);
        Action<T> read = completesItself ? item => ReadAndComplete(item, (ulong)messages)
            : shape.Threads.Consumers == 1 ? item => only.Tally.Add(cargo.Unload(in item))
            : item => Mine().Tally.Add(cargo.Unload(in item));
        block = new ActionBlock<T>(read, new ExecutionDataflowBlockOptions
        {
            BoundedCapacity = bounded ? shape.Capacity : DataflowBlockOptions.Unbounded,
            MaxDegreeOfParallelism = shape.Threads.Consumers,
            SingleProducerConstrained = shape.Threads.Producers == 1,
            EnsureOrdered = false,
        });
    }

    public void Write(int producer, ulong first, int count)
    {
        var stamp = Stamp.Of(producer, first);
        var to = block;
        for (var end = stamp + (ulong)count; stamp != end; stamp++)
        {
            var item = cargo.Load(stamp);
            if (!to.Post(item))
            {
                to.SendAsync(item).GetAwaiter().GetResult();
            }
        }
    }

    public void CompleteWriting()
    {
        if (!completesItself)
        {
            block.Complete();
        }
    }

    public bool Read(int consumer, ref Tally tally)
    {
        block.Completion.GetAwaiter().GetResult();
        if (consumer == 0)
        {
            accounts.Add(only);
            foreach (var account in accounts)
            {
                tally.AddCounted(account.Tally.Count, account.Tally.Sum, account.Tally.Errors);
            }
        }

        return false;
    }

    public long End() => 0;

    public void Dispose()
    {
    }

    private void ReadAndComplete(T item, ulong messages)
    {
        only.Tally.Add(cargo.Unload(in item));
        if (only.Tally.Count == messages)
        {
            block.Complete();
        }
    }

    /// <summary>The pool thread's own account of this round: each thread takes a producer's messages in order, all together don't.</summary>
    private Account Mine()
    {
        var account = mine;
        return account is not null && ReferenceEquals(account.Round, accounts) ? account : Open();
    }

    private Account Open()
    {
        var account = new Account(accounts, shape.Threads.Producers);
        lock (accountsLock)
        {
            accounts.Add(account);
        }

        return mine = account;
    }

    private sealed class Account(object round, int producers)
    {
        public readonly object Round = round;
        public Tally Tally = new(producers);
    }
}

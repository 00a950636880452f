using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>Where a block's messages come out, whatever they are.</summary>
public abstract class Outlet
{
    /// <summary>Messages that came out by <see cref="Link"/>.</summary>
    public abstract long Count { get; }

    /// <summary>Ends as what <see cref="Link"/> links ends.</summary>
    public abstract Task Completion { get; }

    /// <summary>Has messages come out and given back, all or those that a predicate of their numbers is for; the end is passed on.</summary>
    public abstract IDisposable Link(Predicate<int>? where = null);

    /// <summary>As <see cref="Link"/>, by TPL's extension method, which puts a block of its own between.</summary>
    public abstract IDisposable LinkByExtension(Predicate<int> where);

    public abstract void LinkNullTarget();

    public abstract void LinkNullOptions();

    public abstract void LinkNullPredicate();

    /// <summary>Receives with a filter, where the block can be received from; null where it can't.</summary>
    public abstract bool? TryReceive(Predicate<int> filter);
}

/// <inheritdoc/>
public sealed class Outlet<TOut>(
    ISourceBlock<TOut> source, Func<ITargetBlock<TOut>, DataflowLinkOptions, Predicate<TOut>, IDisposable> linkWhere, Func<TOut, int> read) : Outlet
    where TOut : IDisposable
{
    private readonly Discard<TOut> _discard = new();
    private readonly DataflowLinkOptions _propagate = new() { PropagateCompletion = true };

    public override long Count => _discard.Count;

    public override Task Completion => _discard.Completion;

    public override IDisposable Link(Predicate<int>? where = null) => where is null
        ? source.LinkTo(_discard, _propagate)
        : linkWhere(_discard, _propagate, message => where(read(message)));

    public override IDisposable LinkByExtension(Predicate<int> where) => source.LinkTo(_discard, message => where(read(message)));

    public override void LinkNullTarget()
    {
        Assert.Throws<ArgumentNullException>("target", () => source.LinkTo(null!, _propagate));
        Assert.Throws<ArgumentNullException>("target", () => linkWhere(null!, _propagate, _ => true));
    }

    public override void LinkNullOptions()
    {
        Assert.Throws<ArgumentNullException>("linkOptions", () => source.LinkTo(_discard, null!));
        Assert.Throws<ArgumentNullException>("linkOptions", () => linkWhere(_discard, null!, _ => true));
    }

    public override void LinkNullPredicate() =>
        Assert.Throws<ArgumentNullException>("predicate", () => linkWhere(_discard, _propagate, null!));

    public override bool? TryReceive(Predicate<int> filter)
    {
        if (source is not IReceivableSourceBlock<TOut> block)
            return null;
        bool received = block.TryReceive(message => filter(read(message)), out TOut? item);
        if (received)
            item!.Dispose();
        return received;
    }
}

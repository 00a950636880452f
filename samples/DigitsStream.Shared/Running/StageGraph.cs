using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Samples.Digits;

/// <summary>
/// The stages of a pipeline and their links, noted as they are made: what is drawn is what runs. It ends when all its parts
/// have ended, and one part's fault ends all of them, whichever side of it they are on.
/// </summary>
/// <remarks>Built by one thread; <see cref="Stop"/> from any.</remarks>
public sealed class StageGraph
{
    private static readonly DataflowLinkOptions Propagate = new() { PropagateCompletion = true };

    private readonly Lock _lock = new();
    private readonly List<Stage> _stages = [];
    private readonly List<StageLink> _links = [];
    private readonly List<Func<Task>> _parts = [];
    private readonly List<Action<Exception>> _stops = [];
    private readonly Dictionary<IDataflowBlock, Stage> _blocks = [];
    private readonly List<IDisposable> _owned = [];
    private readonly CancellationTokenSource _stop = new();
    private Exception? _fault;

    /// <summary>
    /// What every block of the graph is to be made with. A fault doesn't reach a block whose intake has ended: what it still
    /// holds would wait for ever for a block behind it that takes nothing any more.
    /// </summary>
    public CancellationToken Stopping => _stop.Token;

    public IReadOnlyList<Stage> Stages => _stages;

    public IReadOnlyList<StageLink> Links => _links;

    /// <summary>Adds a block.</summary>
    /// <param name="name">One word.</param>
    /// <param name="does">What it does, in a few words.</param>
    /// <param name="block">The block.</param>
    /// <param name="read">Its counts; null for those that it tells itself, which a stock block doesn't.</param>
    public Stage Add(string name, string does, IDataflowBlock block, Func<StageCounts>? read = null)
    {
        ArgumentNullException.ThrowIfNull(block);
        return _blocks[block] = Add(
            new Stage(name, TypeName.Of(block.GetType()), does, read ?? (() => StageCounts.Of(block))), () => block.Completion, block.Fault);
    }

    /// <summary>Adds a stage that is not a part of its own: another part runs and stops it.</summary>
    public Stage Add(Stage stage)
    {
        _stages.Add(stage);
        return stage;
    }

    /// <summary>Adds a part that is no block.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="run">Starts it, and says when it has ended. Called when the graph runs.</param>
    /// <param name="stop">Has it end early.</param>
    public Stage Add(Stage stage, Func<Task> run, Action<Exception> stop)
    {
        Run(run, stop);
        return Add(stage);
    }

    /// <summary>Adds a part that runs stages which were added by themselves.</summary>
    /// <inheritdoc cref="Add(Stage, Func{Task}, Action{Exception})" path="/param"/>
    public void Run(Func<Task> run, Action<Exception> stop)
    {
        _parts.Add(run);
        _stops.Add(stop);
    }

    /// <summary>Links two blocks that were added, so that the end is passed on.</summary>
    public void Link<TMessage>(ISourceBlock<TMessage> from, ITargetBlock<TMessage> to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        from.LinkTo(to, Propagate);
        Note<TMessage>(_blocks[from], _blocks[to]);
    }

    /// <summary>Notes that messages go from one stage to another by other ways than a link.</summary>
    public void Note<TMessage>(Stage from, Stage to) => Note(new StageLink(from, to, TypeName.Of(typeof(TMessage))));

    /// <summary>Notes that messages go from one stage to another.</summary>
    public void Note(StageLink link) => _links.Add(link);

    /// <summary>Has something disposed when all parts have ended.</summary>
    public void Own(IDisposable owned) => _owned.Add(owned);

    /// <summary>Runs all parts to their end.</summary>
    /// <exception cref="Exception">The fault that came first.</exception>
    public async Task RunAsync()
    {
        // The last part first: who reads is there before who writes.
        var parts = Enumerable.Reverse(_parts).Select(WatchAsync).ToArray();
        await Task.WhenAll(parts);
        _owned.ForEach(static owned => owned.Dispose());
        if (_fault is { } fault)
            ExceptionDispatchInfo.Throw(fault);
    }

    /// <summary>Ends all parts early. The first reason counts.</summary>
    public void Stop(Exception reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        lock (_lock)
        {
            if (_fault is not null)
                return;
            _fault = Innermost(reason);
        }
        foreach (var stop in _stops)
            stop(reason);
        _stop.Cancel();
    }

    private async Task WatchAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception fault) // told by RunAsync; of several, the first
        {
            Stop(fault);
        }
    }

    /// <summary>Each link wraps what it passes on.</summary>
    private static Exception Innermost(Exception fault) => fault is AggregateException { InnerExceptions: [var inner, ..] } ? Innermost(inner) : fault;
}

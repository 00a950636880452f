using System.Diagnostics;

namespace Psyne.Flow.ModelChecking;

/// <summary>
/// Runs a scenario again and again, each time with other choices. Keeps one OS thread for each logical thread; in
/// every moment at most one of them runs.
/// </summary>
internal sealed class Explorer : IDisposable
{
    private readonly ModelOptions _options;
    private readonly IScenario _scenario;
    private readonly ChoiceSequence _choices;
    private readonly ModelMemory _memory;
    private readonly Execution _execution;
    private readonly List<Thread> _workers = [];
    private bool _isDisposed;

    public Explorer(ModelOptions options, IScenario scenario)
    {
        var threads = scenario.Threads;
        if (threads is < 1 or > LogicalThread.MaxThreads)
        {
            throw new ArgumentException($"{threads} threads; 1 to {LogicalThread.MaxThreads} can be explored.", nameof(scenario));
        }

        _options = options;
        _scenario = scenario;
        _choices = new ChoiceSequence(options.Random);
        _memory = new ModelMemory(options.MemoryBytes);
        _execution = new Execution(options, threads, _memory, _choices);
        foreach (var thread in _execution.Threads)
        {
            StartWorker(thread);
        }
    }

    public ModelReport Explore()
    {
        var watch = Stopwatch.StartNew();
        long executions = 0, steps = 0;
        var depth = 0;
        var complete = false;
        while (!complete && executions < _options.MaxExecutions && !(watch.Elapsed > _options.TimeLimit))
        {
            var seed = SplitMix64.Mix(_options.Seed, executions);
            _choices.Begin(seed);
            RunOnce(_options.Random, trace: null);
            executions++;
            steps += _execution.Steps;
            depth = Math.Max(depth, _choices.Depth);
            if (_execution.Failure is not null)
            {
                throw Explain(ScheduleText.Format(_options.Random, _choices.Indices), _options.Random);
            }

            complete = !_options.Random && !_choices.MoveNext();
        }

        return new ModelReport(executions, steps, complete, depth, watch.Elapsed);
    }

    public void Replay(string schedule)
    {
        var (random, indices) = ScheduleText.Parse(schedule);
        _choices.BeginReplay(indices);
        RunOnce(random, new Trace(_memory));
        if (_execution.Failure is not null)
        {
            throw Failure(schedule, random);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        foreach (var thread in _execution.Threads)
        {
            thread.Gate.Open();
        }

        if (!_execution.IsStuck)
        {
            _workers.ForEach(worker => worker.Join());
            _memory.Dispose();
        }
    }

    /// <summary>Runs a failure again, this time with a trace.</summary>
    private ModelFailure Explain(string schedule, bool random)
    {
        var kind = _execution.Failure;
        var reason = _execution.Reason;
        var (_, indices) = ScheduleText.Parse(schedule);
        _choices.BeginReplay(indices);
        RunOnce(random, new Trace(_memory));
        if (_execution.Failure == kind)
        {
            return Failure(schedule, random);
        }

        var now = _execution.Failure is { } other ? $"{other}: {_execution.Reason}" : "nothing";
        return new ModelFailure(
            FailureKind.Nondeterminism,
            $"a failure ({kind}: {reason}) didn't come back when its schedule ran again; that found {now}.",
            _execution.Trace!.ToString(), schedule, SeedOf(random), inner: null);
    }

    private ModelFailure Failure(string schedule, bool random) => new(
        _execution.Failure!.Value, _execution.Reason, _execution.Trace!.ToString(), schedule, SeedOf(random), _execution.Inner);

    private ulong? SeedOf(bool random) => random ? _options.Seed : null;

    private void RunOnce(bool random, Trace? trace)
    {
        _execution.Enlist();
        try
        {
            _execution.Run(_scenario, random, trace);
        }
        finally
        {
            Execution.Leave();
        }
    }

    private void StartWorker(LogicalThread thread)
    {
        var worker = new Thread(() =>
        {
            _execution.Enlist();
            for (thread.Gate.Wait(); !_isDisposed; thread.Gate.Wait())
            {
                _execution.RunThread(thread, _scenario);
            }
        })
        {
            IsBackground = true,
            Name = $"model {thread.Name}",
        };
        worker.Start();
        _workers.Add(worker);
    }
}

#pragma warning disable RS0030 // a flag; nothing on the slab is ordered by it
namespace Psyne.Flow.Blocks;

/// <summary>How a block ends: the task, and the faults and the cancellation that it will tell of.</summary>
/// <remarks>Thread-safe. Continuations are asynchronous (C39).</remarks>
internal sealed class BlockCompletion
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _task = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<Exception>? _faults;
    private CancellationToken _token;
    private bool _canceled;
    private bool _drops;
    private List<IDisposable>? _owned;

    internal Task Task => _task.Task;

    /// <summary>Whether the block faulted or was cancelled, so that what it holds is dropped (C37).</summary>
    internal bool Drops => Volatile.Read(ref _drops);

    internal void AddFault(Exception fault)
    {
        lock (_lock)
        {
            (_faults ??= []).Add(fault);
            Volatile.Write(ref _drops, true);
        }
    }

    /// <summary>A fault that comes after everything else: nothing is dropped for it.</summary>
    internal void AddLast(Exception fault)
    {
        lock (_lock)
            (_faults ??= []).Add(fault);
    }

    internal void Cancel(CancellationToken token)
    {
        lock (_lock)
        {
            _canceled = true;
            _token = token;
            Volatile.Write(ref _drops, true);
        }
    }

    /// <summary>Has another end the same way.</summary>
    internal void CopyTo(BlockCompletion other)
    {
        Exception[] faults;
        bool canceled;
        lock (_lock)
        {
            faults = _faults is null ? [] : [.. _faults];
            canceled = _canceled;
        }
        foreach (var fault in faults)
            other.AddFault(fault);
        if (canceled)
            other.Cancel(_token);
    }

    /// <summary>Has memory of the block given back at its end.</summary>
    internal void Own(IDisposable memory) => (_owned ??= []).Add(memory);

    /// <summary>Completes the task: faulted before cancelled before completed (C35).</summary>
    internal void Finish()
    {
        _owned?.ForEach(static memory => memory.Dispose());
        lock (_lock)
        {
            if (_faults is not null)
                _task.TrySetException(_faults);
            else if (_canceled)
                _task.TrySetCanceled(_token);
            else
                _task.TrySetResult();
        }
    }
}

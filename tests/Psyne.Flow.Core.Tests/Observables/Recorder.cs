using System.Collections.Concurrent;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Observables;

/// <summary>Writes down what it is told, and fails the test when it is told two things at once, or anything after the end.</summary>
internal sealed class Recorder<TMessage>(Func<TMessage, int> read, Action<TMessage>? next = null) : IObserver<TMessage>
{
    private readonly TaskCompletionSource<Exception?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;

    internal ConcurrentQueue<int> Numbers { get; } = new();

    internal List<string> Wrongs { get; } = [];

    /// <summary>Completes with the error, or with null at a good end.</summary>
    internal Task<Exception?> End => _end.Task;

    public void OnNext(TMessage value)
    {
        if (Interlocked.Increment(ref _inside) != 1)
            Wrongs.Add("two at once");
        if (_end.Task.IsCompleted)
            Wrongs.Add("a message after the end");
        try
        {
            Numbers.Enqueue(read(value));
            next?.Invoke(value);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public void OnCompleted() => SetEnd(null);

    public void OnError(Exception error) => SetEnd(error);

    private void SetEnd(Exception? error)
    {
        if (!_end.TrySetResult(error))
            Wrongs.Add("a second end");
    }

    internal void UntilSeen(int count) => Hang.Until(() => Numbers.Count >= count);
}

using System.Reactive.Linq;

namespace Psyne.Flow.Reactive.Tests;

/// <summary>
/// A channel whose observers have seen a message when <see cref="Send"/> returns: its own observer comes after those that
/// subscribed before <see cref="Follow"/>. At its end no lease may be held.
/// </summary>
public sealed class Feed(bool collects = false) : IDisposable
{
    private readonly SlabChannel<long> _channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions { Capacity = 128 });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDisposable? _follower;
    private int _seen;
    private int _sent;

    internal SlabReader<long> Reader => _channel.Reader;

    internal long Held => _channel.Statistics.HeldLeases;

    /// <summary>Leases that nobody but their holder ends: no subscription returns them.</summary>
    internal IObservable<Lease<long>> Owned => Reader.AsLeaseObservable().Select(static lease => lease.Retain());

    /// <summary>Call it after the subscriptions under test.</summary>
    internal void Follow() => _follower = Reader.AsObservable().Subscribe(
        _ => Interlocked.Increment(ref _seen), _ => _ended.TrySetResult(), _ended.SetResult);

    internal void Send(params ReadOnlySpan<long> numbers)
    {
        foreach (var number in numbers)
            _channel.Writer.Publish(number);
        _sent += numbers.Length;
        Wait.Until(() => Volatile.Read(ref _seen) == _sent);
    }

    /// <summary>Publishes, and waits for nobody.</summary>
    internal void SendUnseen(params ReadOnlySpan<long> numbers)
    {
        foreach (var number in numbers)
            _channel.Writer.Publish(number);
    }

    /// <summary>Ends the channel; the observers have been told when it returns.</summary>
    internal void End(Exception? fault = null)
    {
        _channel.Complete(fault);
        Wait.Until(() => _ended.Task.IsCompleted);
    }

    public void Dispose()
    {
        _follower?.Dispose();
        Wait.Until(() => Held == 0 || (collects && Collect()));
        _channel.Dispose();
    }

    /// <summary>What an operator dropped comes back when it is collected, once its source has ended.</summary>
    private bool Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Held == 0;
    }
}

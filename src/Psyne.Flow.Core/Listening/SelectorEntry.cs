#pragma warning disable RS0030 // the entry's state word; the messages are ordered by the channel
using Psyne.Flow.Waiting;

namespace Psyne.Flow;

/// <summary>
/// A channel of a selector. It is armed (listed with the channel's waiters), or on its way to a handler, or ended; it
/// arms itself again when it has handled what there was.
/// </summary>
internal sealed class SelectorEntry(ChannelSelector selector, Listener listener) : WaitNode, IThreadPoolWorkItem
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stopped;

    internal Task Completion => _completion.Task;

    private IWaitTarget Target => listener.Reader;

    private WaitHub Hub => listener.Reader.Channel.Items;

    /// <summary>Waits for the channel's next signal, or goes at once when there is something already.</summary>
    internal void Arm()
    {
        Hub.Add(this);
        if ((Target.IsReady || Volatile.Read(ref _stopped) != 0) && Hub.TryRemove(this))
            Signal();
    }

    internal override void Signal() => selector.OnSignal(this);

    internal void Stop()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0 && Hub.TryRemove(this))
            Signal();
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            var handled = 0;
            while (handled < selector.MaxMessagesPerTurn && Volatile.Read(ref _stopped) == 0 && listener.HandleOne())
                handled++;
            if (Volatile.Read(ref _stopped) != 0)
            {
                End(null);
                return;
            }
            if (handled == selector.MaxMessagesPerTurn)
            {
                Signal();
                return;
            }
            // Ready without a message means that the channel ended; its fault is thrown here.
            if (Target.IsReady && !Target.Result())
            {
                End(null);
                return;
            }
            Arm();
        }
        catch (Exception fault) // the handler's or the channel's: handed to whoever awaits the subscription
        {
            End(fault);
        }
    }

    private void End(Exception? fault)
    {
        selector.OnEnded(this);
        if (fault is null)
            _completion.TrySetResult();
        else
            _completion.TrySetException(fault);
    }
}

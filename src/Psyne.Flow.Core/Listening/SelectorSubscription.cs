namespace Psyne.Flow;

/// <summary>A channel that a <see cref="ChannelSelector"/> listens to.</summary>
public sealed class SelectorSubscription : IDisposable
{
    private readonly SelectorEntry _entry;

    internal SelectorSubscription(SelectorEntry entry) => _entry = entry;

    /// <summary>
    /// Completes when the channel ended and every message was handled, or the subscription was disposed; faults with what
    /// the handler threw (later messages stay in the channel) or with the channel's fault.
    /// </summary>
    public Task Completion => _entry.Completion;

    /// <summary>Stops listening after the message that is being handled. Doesn't wait for it.</summary>
    public void Dispose() => _entry.Stop();
}

using System.Diagnostics;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow;

/// <summary>What all blocks have in common: a name, and an end.</summary>
/// <remarks>Thread-safe.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class SlabBlock : IDataflowBlock
{
    private protected SlabBlock(DataflowBlockOptions? options) => Settings = BlockSettings.Of(options);

    private protected BlockSettings Settings { get; }

    private protected BlockCompletion End { get; } = new();

    /// <summary>Completes when the block will do nothing any more: everything it took was handled and handed on, or it faulted or was cancelled.</summary>
    public Task Completion => End.Task;

    /// <summary>How many messages came and left, how many wait, and what that cost. Doesn't block.</summary>
    public abstract BlockStatistics Statistics { get; }

    /// <summary>Ends the intake; what is inside is still handled. Doesn't block.</summary>
    public abstract void Complete();

    /// <summary>Ends the intake with a fault; what is inside is dropped, and its memory given back.</summary>
    private protected abstract void Fault(Exception fault);

    /// <inheritdoc/>
    void IDataflowBlock.Fault(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Fault(exception);
    }

    /// <summary>Has the block cancelled with its options' token, at once if that is cancelled already.</summary>
    private protected void FollowToken(Action<CancellationToken> cancel)
    {
        if (!Settings.Token.CanBeCanceled)
            return;
        var registration = Settings.Token.UnsafeRegister(static (cancel, token) => ((Action<CancellationToken>)cancel!)(token), cancel);
        _ = Completion.ContinueWith(static (_, registration) => ((CancellationTokenRegistration)registration!).Dispose(), registration,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The block's name as its options say (<see cref="DataflowBlockOptions.NameFormat"/>).</summary>
    public override string ToString() => Settings.NameOf(this);
}

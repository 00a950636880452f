using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow;

/// <summary>
/// A channel's write end as a target block (<see cref="SlabWriter{T}.AsTargetBlock"/>): what it accepts is in the channel.
/// </summary>
/// <remarks>
/// <para>Thread-safe, over a channel with one producer as well: the block is the producer.</para>
/// <para>A full channel postpones, by the protocol and without a thread, and takes the postponed messages when there is
/// room, in the order of their sources; a message without a source (<c>Post</c>) it declines. So it is with
/// <see cref="FullMode.Wait"/>, <see cref="FullMode.Fail"/> and <see cref="FullMode.Adaptive"/>: sources can wait, and
/// nothing fails or is dropped for their sake. With <see cref="FullMode.DropNewest"/> and <see cref="FullMode.DropOldest"/>,
/// and while an adaptive channel sheds, every message is accepted and one is dropped and counted; who handles
/// <see cref="SlabChannel{T}.ItemDropped"/> holds up the block meanwhile.</para>
/// <para><see cref="Complete"/> completes the channel, for all its producers; the block completes when all was taken from
/// the channel. A fault completes the channel with it, and the block at once: the channel's readers still get what is in
/// it, and then the fault. A cancelled token ends the block and not the channel. A channel that is completed, faulted or
/// disposed elsewhere, or whose end is, ends the block the same way.</para>
/// </remarks>
/// <example><code>
/// decode.LinkTo(channel.Writer.AsTargetBlock(), new DataflowLinkOptions { PropagateCompletion = true });
/// </code></example>
public sealed class ChannelTargetBlock<T> : SlabBlock, ITargetBlock<Lease<T>> where T : unmanaged
{
    // Guards the fields below and the use of the write end, but for a transfer, which keeps others out by _transfers. No
    // source is called under it.
    private readonly Lock _incoming = new();
    private readonly PostponedMessages<Lease<T>> _postponed = new();
    private bool _transfers;
    private bool _declines;
    private bool _channelEnded;
    private long _received;
    private long _waits;

    private readonly SlabWriter<T> _writer;
    private readonly RoomWaiter _room;
    private readonly BlockWork _work;
    private readonly long _bound;

    internal ChannelTargetBlock(SlabWriter<T> writer, DataflowBlockOptions? options) : base(options)
    {
        _writer = writer;
        _bound = Settings.BoundFor(Unsafe.SizeOf<T>());
        _work = new BlockWork(Settings, Run, Fail);
        _room = new RoomWaiter(writer.Core.Space, MayHaveRoom, _work.Request);
        _ = writer.Channel.Completion.ContinueWith(static (ended, block) => ((ChannelTargetBlock<T>)block!).OnChannelEnded(ended), this,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        FollowToken(Cancel);
    }

    /// <inheritdoc/>
    /// <remarks>What is sent is in the channel, where its own statistics count it.</remarks>
    public override BlockStatistics Statistics
    {
        get
        {
            lock (_incoming)
                return new BlockStatistics(_received, _received, 0, 0, _waits, Settings.AllocatedBytes);
        }
    }

    private bool IsClosed => _writer.IsClosed || _writer.IsEndDisposed;

    private bool IsWithinBound => _bound == long.MaxValue || _writer.Channel.Count < _bound;

    private bool MayHaveRoom() => IsClosed || (IsWithinBound && _writer.ToClaim(travels: false).IsReady);

    /// <summary>Completes the channel; what it holds can still be taken, and then the block completes. Doesn't block.</summary>
    public override void Complete()
    {
        lock (_incoming)
            _declines = true;
        _writer.Complete();
        _work.Request();
    }

    private protected override void Fault(Exception fault)
    {
        lock (_incoming)
        {
            if (_declines)
                return; // C39
            _declines = true;
            End.AddFault(fault);
        }
        // Readers are told of what happened, not through how many blocks it came.
        _writer.Complete(fault is AggregateException many && many.Flatten() is { InnerExceptions: [var only] } ? only : fault);
        _work.Request();
    }

    /// <summary>Faults the block for what a source or the scheduler threw, also when it declines already.</summary>
    private void Fail(Exception fault)
    {
        lock (_incoming)
        {
            _declines = true;
            End.AddFault(fault);
        }
        if (!_writer.IsEndDisposed) // else another producer may have the channel
            _writer.Complete(fault);
        _work.Request();
    }

    private void Cancel(CancellationToken token)
    {
        lock (_incoming)
        {
            _declines = true;
            End.Cancel(token);
        }
        _work.Request();
    }

    private void OnChannelEnded(Task ended)
    {
        lock (_incoming)
        {
            _declines = _channelEnded = true;
            if (ended.Exception is { InnerException: { } fault } && !End.Drops)
                End.AddFault(fault);
            else if (ended.IsCanceled)
                End.Cancel(new CancellationToken(canceled: true));
        }
        _work.Request();
    }

    DataflowMessageStatus ITargetBlock<Lease<T>>.OfferMessage(
        DataflowMessageHeader messageHeader, Lease<T> messageValue, ISourceBlock<Lease<T>>? source, bool consumeToAccept)
    {
        BlockThrow.IfInvalid(messageHeader);
        if (source is null && consumeToAccept)
            throw new ArgumentException("A message can't be consumed from no source.", nameof(consumeToAccept));
        DataflowMessageStatus status;
        lock (_incoming)
            status = consumeToAccept ? BeginTransfer() : Publish(messageValue);
        if (consumeToAccept && status == DataflowMessageStatus.Accepted)
            status = Transfer(source!, messageHeader);
        else if (status == DataflowMessageStatus.Accepted)
            messageValue.Dispose();
        if (status == DataflowMessageStatus.DecliningPermanently)
            _work.Request(); // the channel may have been closed elsewhere
        return status == DataflowMessageStatus.Postponed ? Postpone(source, messageHeader) : status;
    }

    /// <summary>Under the lock: into the channel, to be disposed by the caller; or what else is to be done.</summary>
    private DataflowMessageStatus Publish(Lease<T> message)
    {
        var status = Look();
        if (status != DataflowMessageStatus.Accepted)
            return status;
        if (!_writer.TryPublish(in message.Value))
            return IsClosed ? DataflowMessageStatus.DecliningPermanently : DataflowMessageStatus.Postponed;
        _received++;
        return DataflowMessageStatus.Accepted;
    }

    /// <summary>Under the lock: whether a message may be taken now. What waits at sources, or is on its way, goes first (C12).</summary>
    private DataflowMessageStatus Look() =>
        _declines || IsClosed ? DataflowMessageStatus.DecliningPermanently // C11
        : _transfers || _postponed.Count > 0 || !IsWithinBound ? DataflowMessageStatus.Postponed
        : DataflowMessageStatus.Accepted;

    private DataflowMessageStatus BeginTransfer()
    {
        var status = Look();
        _transfers |= status == DataflowMessageStatus.Accepted;
        return status;
    }

    private DataflowMessageStatus Postpone(ISourceBlock<Lease<T>>? source, DataflowMessageHeader header)
    {
        if (source is null)
            return DataflowMessageStatus.Declined; // C10
        lock (_incoming)
        {
            if (_declines)
                return DataflowMessageStatus.DecliningPermanently; // nobody would free it
            _waits++;
            _postponed.Push(source, header);
        }
        _room.Wait();
        return DataflowMessageStatus.Postponed;
    }

    /// <summary>Consumes a message for which there is a slot: claimed first, so that nothing is consumed that has no place (C13). Ends the transfer.</summary>
    private DataflowMessageStatus Transfer(ISourceBlock<Lease<T>> source, DataflowMessageHeader header)
    {
        try
        {
            return _writer.TryClaim(out var claim) ? Transfer(claim, source, header)
                : IsClosed ? DataflowMessageStatus.DecliningPermanently
                : DataflowMessageStatus.Postponed;
        }
        finally
        {
            EndTransfer();
        }
    }

    private DataflowMessageStatus Transfer(Claim<T> claim, ISourceBlock<Lease<T>> source, DataflowMessageHeader header)
    {
        using (claim)
        {
            var message = source.ConsumeMessage(header, this, out var consumed);
            if (!consumed)
                return DataflowMessageStatus.NotAvailable; // C8
            using (message)
                claim.Value = message.Value;
            claim.Publish();
        }
        lock (_incoming)
            _received++;
        return DataflowMessageStatus.Accepted;
    }

    private void EndTransfer()
    {
        lock (_incoming)
        {
            _transfers = false;
            if (_postponed.Count == 0 && !_declines)
                return;
        }
        _work.Request(); // what came meanwhile, and the end, waited for it
    }

    /// <summary>Takes what is postponed, as far as there is room, and ends the block when that is due. On the block's scheduler, one run at a time.</summary>
    private void Run()
    {
        for (var taken = 0; TakePostponed(); taken++)
            if (taken >= Settings.MessagesPerTask - 1)
            {
                _work.Request(); // C44
                return;
            }
        bool ends;
        lock (_incoming)
        {
            if (!_declines || _transfers)
                return;
            if (_writer.IsEndDisposed && !_writer.IsClosed && !End.Drops)
                End.AddFault(new ObjectDisposedException(_writer.ToString()));
            ends = _channelEnded || End.Drops;
        }
        ReleasePostponed();
        if (ends)
            End.Finish();
    }

    /// <summary>False when nothing waits, when there is no room, and then the work is asked for once there is, or at the end.</summary>
    private bool TakePostponed()
    {
        lock (_incoming)
        {
            _declines |= IsClosed;
            if (_declines || _transfers || _postponed.Count == 0)
                return false;
            _transfers = true;
        }
        try
        {
            if (IsWithinBound && _writer.TryClaim(out var claim))
            {
                ISourceBlock<Lease<T>>? source;
                DataflowMessageHeader header;
                lock (_incoming)
                    _postponed.TryPop(out source, out header);
                Transfer(claim, source!, header);
                return true;
            }
        }
        finally
        {
            lock (_incoming)
                _transfers = false;
        }
        _room.Wait();
        return false;
    }

    /// <summary>Tells every source whose message was postponed that it won't be taken (C15).</summary>
    private void ReleasePostponed()
    {
        while (true)
        {
            ISourceBlock<Lease<T>>? source;
            DataflowMessageHeader header;
            lock (_incoming)
                if (!_postponed.TryPop(out source, out header))
                    return;
            try
            {
                if (source.ReserveMessage(header, this))
                    source.ReleaseReservation(header, this);
            }
            catch (Exception fault) // a source's own: the others are still told
            {
                End.AddFault(fault);
            }
        }
    }
}

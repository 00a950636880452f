using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

// How messages are offered: one at a time by the protocol, or by batches to a block of ours.
internal sealed partial class SlabSourceCore<TOut>
{
    /// <summary>The most messages that are handed over under one lock.</summary>
    private const int LargestBatch = 1024;

    /// <summary>Has the oldest message offered, if there is one and a link: on the block's scheduler.</summary>
    internal void Offer()
    {
        if (_links.Count > 0) // a link that comes meanwhile offers, too
            _offering.Request();
    }

    /// <summary>As <see cref="Offer"/>; batches are handed over at once, on the calling thread, which holds no lock.</summary>
    internal void OfferNow()
    {
        if (!_settings.FastPath)
        {
            Offer();
            return;
        }
        if (!_outgoing.TryEnter())
        {
            Offer();
            return;
        }
        bool left;
        try
        {
            if (_links.Count == 0)
                return;
            HandOver();
            lock (_values)
                left = _messages.Count > 0 && _offersEnabled;
        }
        finally
        {
            _outgoing.Exit();
        }
        if (left)
            _offering.Request();
        CompleteIfDone();
    }

    private void OfferAll()
    {
        var yields = false;
        lock (_outgoing)
        {
            for (var offered = 0; OfferHead(); offered++)
                if (offered >= _settings.MessagesPerTask - 1)
                {
                    yields = true;
                    break;
                }
        }
        if (yields)
            _offering.Request(); // C44
        CompleteIfDone();
    }

    /// <summary>Offers the oldest message to the links in order (C24, C25). Whether there may be another. Under the lock of links.</summary>
    private bool OfferHead()
    {
        if (_links.Count == 0)
            return false;
        if (_settings.FastPath && HandOver())
            return true;
        if (!NextHeader(out var header, out var message))
            return false;
        var matched = false;
        for (var i = 0; i < _links.Count;)
        {
            var link = _links[i];
            if (link.Matches(message))
            {
                matched = true;
                if (OfferTo(link, header, message))
                    return true;
                if (IsReserved)
                    return false;
            }
            if (!link.IsRemoved)
                i++;
        }
        if (!matched && _links.Count > 0 && _unmatched is { } unmatched && OfferTo(unmatched, header, message))
            return true;
        lock (_values)
        {
            if (header.Id != _headId)
                return true;
            _offersEnabled = false; // C28
            return false;
        }
    }

    private void TryOfferHeadTo(TargetLink<TOut> link)
    {
        try
        {
            OfferHeadTo(link);
        }
        catch (Exception fault) // the predicate's, or the target's: as where the message came later
        {
            _failed(fault);
        }
    }

    private void OfferHeadTo(TargetLink<TOut> link)
    {
        lock (_values)
        {
            if (_reservedFor is not null || _messages.Count == 0)
                return;
            // The one link of a fast path is served by batches from the start.
            if (_settings.FastPath && _links.Count == 1 && link.TakesBatches)
            {
                _offersEnabled = true;
                return;
            }
        }
        DataflowMessageHeader header;
        TOut message;
        lock (_values)
        {
            if (!Peek(out message))
                return;
            header = new DataflowMessageHeader(_headId);
        }
        if ((link.Matches(message) && OfferTo(link, header, message)) || _links is not [var only] || only != link)
            return; // the others' offers are to come, or came before
        if (_unmatched is not null && !link.Matches(message))
            return; // to be offered as such
        lock (_values)
            if (header.Id == _headId)
                _offersEnabled = false; // C28
    }

    private bool NextHeader(out DataflowMessageHeader header, out TOut message)
    {
        lock (_values)
        {
            header = default;
            message = default!;
            if (!_offersEnabled || _reservedFor is not null || _ending || _completion.Drops || !Peek(out message))
                return false;
            header = new DataflowMessageHeader(_headId);
            return true;
        }
    }

    private bool IsReserved
    {
        get
        {
            lock (_values)
                return _reservedFor is not null;
        }
    }

    /// <summary>Offers the oldest message to one link. True when it went.</summary>
    private bool OfferTo(TargetLink<TOut> link, DataflowMessageHeader header, TOut message)
    {
        var status = link.Target.OfferMessage(header, message, _owner, consumeToAccept: false);
        bool went;
        lock (_values)
        {
            went = header.Id != _headId; // it was consumed, and counted there
            if (!went && status == DataflowMessageStatus.Accepted)
                TakeHead();
        }
        if (went)
            return true;
        if (status == DataflowMessageStatus.Accepted)
        {
            CountDown(link);
            _left?.Invoke(1);
            return true;
        }
        if (status == DataflowMessageStatus.DecliningPermanently)
            Remove(link); // C26
        return false;
    }

    /// <summary>The link that batches may go through, if everything goes through it.</summary>
    private TargetLink<TOut>? BatchLink => _links is [{ TakesBatches: true } link] ? link : null;

    /// <summary>
    /// Hands a batch to the one link's target as so many accepted offers, and what it has no room for as a postponed one.
    /// True when that was all there was to do for now, or messages went. Under the lock of links.
    /// </summary>
    private bool HandOver()
    {
        if (BatchLink is not { } link)
            return false;
        var target = link.Batches!;
        var moved = 0;
        lock (_values)
        {
            if (!_offersEnabled || _reservedFor is not null || _ending || _completion.Drops || _messages.Count == 0)
                return false;
            moved = target.TakeFrom(_messages, LargestBatch);
            _headId += moved;
            if (_messages.Count > 0 && target.TryPostpone(_owner, new DataflowMessageHeader(_headId)))
                _offersEnabled = false;
        }
        if (moved == 0)
            return false;
        target.OnTaken();
        _left?.Invoke(moved);
        return true;
    }

    /// <summary>Moves messages to a target that had postponed the oldest. -1 when they have to be consumed one by one.</summary>
    internal int PullInto(IBatchTarget<TOut> target, ITargetBlock<TOut> owner, DataflowMessageHeader header, int most)
    {
        int moved;
        lock (_outgoing)
        {
            if (!_settings.FastPath || BatchLink is not { } link || !ReferenceEquals(link.Target, owner))
                return -1;
            lock (_values)
            {
                if (header.Id != _headId || _reservedFor is not null || _ending || _completion.Drops)
                    return -1;
                moved = target.PullFrom(_messages, most, _owner, _headId);
                if (moved <= 0)
                    return -1;
                _headId += moved;
                _offersEnabled = _messages.Count == 0;
            }
        }
        _left?.Invoke(moved);
        CompleteIfDone();
        return moved;
    }
}

#pragma warning disable RS0030 // whether the block was woken; nothing on the slab is ordered by it
namespace Psyne.Flow.Blocks;

/// <summary>The engine of a block of one's own: shows it messages and room, and passes on what came of them.</summary>
internal sealed class SerialCustom<TIn, TOut>(SlabCustomBlock<TIn, TOut> owner, BlockSettings settings, BlockCompletion completion,
    BlockSlab<TIn> inputs, BlockSlab<TOut> outputs)
    : SerialTransform<TIn, TOut>(owner, static (in TIn _, ref TOut _) => throw new InvalidOperationException("Blocks of one's own build their messages themselves."),
        settings, completion, inputs, outputs, new ErrorHandler<TIn>(BlockErrorPolicy.Fault))
    where TIn : unmanaged
    where TOut : unmanaged
{
    /// <summary>Slots that are claimed for messages that may not come; small messages only need places in a ring.</summary>
    private const int MostSlots = 16;

    private int _woken;
    private bool _flushes;
    private bool _done;

    /// <summary>Nothing is shown in the middle of a call: how many results are finished is the block's own affair.</summary>
    protected override int ResultsFinished => 0;

    internal void WakeForAll()
    {
        Volatile.Write(ref _woken, 1);
        Wake();
    }

    protected override int Handle(int count, out bool stalls)
    {
        Volatile.Write(ref _woken, 0);
        stalls = !TryProcess(count, out var taken);
        return taken;
    }

    /// <summary>Calls the block. False when there is no room for results, and then the worker is woken when there is.</summary>
    private bool TryProcess(int count, out int taken)
    {
        taken = 0;
        var room = ReserveResults(SlabQueue<TOut>.IsByValue ? LargestBatch : MostSlots);
        if (room == 0)
            return false;
        var input = new BlockInput<TIn>(Messages, count);
        var output = new BlockOutput<TOut>(Results, Source.Values, room);
        try
        {
            owner.CallProcess(ref input, ref output);
            if (input.Count > 0 && output.Room > 0 && !BlockEnd.Drops)
                throw new InvalidOperationException(
                    $"{owner} left {input.Count} of {count} messages, with room for {output.Room} more: what it wants to see together it has to keep.");
        }
        catch (Exception fault) // the block's own
        {
            Fail(fault);
        }
        finally
        {
            taken = input.Taken;
            Commit(in output);
        }
        OnLeft(taken); // what came of them is counted by itself
        return true;
    }

    private void Commit(ref readonly BlockOutput<TOut> output)
    {
        lock (Incoming)
            CountMore(output.Built + output.Moved);
        lock (Source.Values)
            Results.Commit(output.Built);
    }

    protected override void OnIdle()
    {
        if (_flushes)
            Flush();
        else if (!_done && Volatile.Read(ref _woken) == 1)
        {
            Volatile.Write(ref _woken, 0);
            if (!TryProcess(0, out _))
                Volatile.Write(ref _woken, 1); // once there is room
            PassOnResults();
        }
    }

    protected override void OnEnded()
    {
        _flushes = true;
        Flush();
    }

    /// <summary>Has the block send what it still holds, as far as there is room; the rest when there is.</summary>
    private void Flush()
    {
        var done = BlockEnd.Drops;
        while (!done)
        {
            var room = ReserveResults(SlabQueue<TOut>.IsByValue ? LargestBatch : MostSlots);
            if (room == 0)
                return;
            var output = new BlockOutput<TOut>(Results, Source.Values, room);
            try
            {
                done = owner.CallFlush(ref output);
                if (!done && output.Room > 0)
                    throw new InvalidOperationException($"{owner} has more to send, and left room for {output.Room} messages.");
            }
            catch (Exception fault) // the block's own
            {
                Fail(fault);
            }
            finally
            {
                Commit(in output);
            }
            done |= BlockEnd.Drops;
            PassOnResults();
        }
        (_flushes, _done) = (false, true);
        if (BlockEnd.Drops)
            Drop();
        base.OnEnded();
    }

    private void Drop()
    {
        try
        {
            owner.CallDrop();
        }
        catch (Exception fault) // the block's own
        {
            BlockEnd.AddFault(fault);
        }
    }
}

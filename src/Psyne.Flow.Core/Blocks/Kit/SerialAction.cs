using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>Calls a delegate for one message after another.</summary>
internal sealed class SerialAction<T> : SerialCore<T> where T : unmanaged
{
    private readonly MessageHandler<T> _handle;
    private readonly ErrorHandler<T> _errors;
    private readonly SerialRetries<T> _retries;

    internal SerialAction(ITargetBlock<Lease<T>> owner, MessageHandler<T> handle, BlockSettings settings, BlockCompletion completion,
        BlockSlab<T> slab, ErrorHandler<T> errors)
        : base(owner, SlabQueue<T>.Create(settings, slab), settings, completion)
    {
        _handle = handle;
        _errors = errors;
        _retries = new SerialRetries<T>(errors, Wake);
    }

    protected override bool LeavesWhenHandled => true;

    protected override void OnEnded()
    {
        _retries.End();
        BlockEnd.Finish();
    }

    protected override int Handle(int count, out bool stalls)
    {
        stalls = _retries.IsWaiting;
        var index = 0;
        while (index < count && !stalls)
        {
            try
            {
                if (Messages is ValueQueue<T> values)
                    HandleRun(values.Run(built: false, count), ref index);
                else
                    HandleLeases(count, ref index);
                break;
            }
            catch (Exception fault) // the delegate's
            {
                var answer = _retries.After(index);
                stalls = answer == RetryAnswer.Later;
                if (answer == RetryAnswer.GiveUp)
                {
                    GiveUp(index, fault);
                    End(index++);
                }
            }
        }
        _retries.EndBatch(index);
        return index;
    }

    // Apart, so that the fast path makes no closure.
    private void GiveUp(int index, Exception fault)
    {
        var passed = false;
        if (!_errors.Survives(fault, () => (passed = Messages.TryTakeIn(index, out var lease)) ? lease : null))
            Fail(fault);
        if (!passed || SlabQueue<T>.IsByValue)
            Messages.EndIn(index);
    }

    private void HandleRun(Span<T> values, ref int index)
    {
        var handle = _handle;
        for (var i = index; i < values.Length; i++)
        {
            index = i;
            if (!GoesOn())
                return;
            handle(in values[i]);
            End(i);
        }
        index = values.Length;
    }

    private void HandleLeases(int count, ref int index)
    {
        for (; index < count && GoesOn(); index++)
        {
            _handle(in Messages.In(index));
            Messages.EndIn(index);
            End(index);
        }
    }
}

using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>Calls a delegate for one message after another.</summary>
internal sealed class SerialAction<T> : SerialCore<T> where T : unmanaged
{
    private readonly MessageHandler<T> _handle;
    private readonly ErrorHandler<T> _errors;

    internal SerialAction(ITargetBlock<Lease<T>> owner, MessageHandler<T> handle, BlockSettings settings, BlockCompletion completion,
        BlockSlab<T> slab, ErrorHandler<T> errors)
        : base(owner, SlabQueue<T>.Create(settings, slab), settings, completion)
    {
        _handle = handle;
        _errors = errors;
    }

    protected override bool LeavesWhenHandled => true;

    protected override void OnEnded() => BlockEnd.Finish();

    protected override int Handle(int count, out bool stalls)
    {
        stalls = false;
        var index = 0;
        var failures = 0;
        while (index < count)
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
                if (_errors.Retries(ref failures, Settings.Token))
                    continue;
                failures = 0;
                var failed = index;
                var passed = false;
                if (!_errors.Survives(fault, () => (passed = Messages.TryTakeIn(failed, out var lease)) ? lease : null))
                    Fail(fault);
                if (!passed || SlabQueue<T>.IsByValue)
                    Messages.EndIn(index);
                End(index++);
            }
        }
        return index;
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

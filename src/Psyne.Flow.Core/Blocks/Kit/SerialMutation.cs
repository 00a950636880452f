using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>Changes messages and passes them on: where they lie, unless others hold a share of one, who must not see it change.</summary>
internal sealed class SerialMutation<T>(IPropagatorBlock<Lease<T>, Lease<T>> owner, SlabMutation<T> mutate, BlockSettings settings,
    BlockCompletion completion, BlockSlab<T> inputs, BlockSlab<T> outputs, ErrorHandler<T> errors)
    : SerialTransform<T, T>(owner, (in T input, ref T output) =>
    {
        output = input;
        mutate(ref output);
    }, settings, completion, inputs, outputs, errors)
    where T : unmanaged
{
    protected override int Handle(int count, out bool stalls) =>
        SlabQueue<T>.IsByValue ? base.Handle(count, out stalls) : HandleInPlace(count, out stalls);

    private int HandleInPlace(int count, out bool stalls)
    {
        stalls = Retries.IsWaiting;
        var index = 0;
        for (; index < count && !stalls && GoesOn(); index++)
        {
            if (!TryOwn(index, out var lease))
            {
                stalls = true;
                break;
            }
            var done = Mutate(lease, index, out var later);
            if (later)
            {
                lock (Incoming)
                    ((LeaseQueue<T>)Messages).Replace(index, lease); // it may be a copy
                stalls = true;
                break;
            }
            if (done && !Source.TryAddQuietly(lease))
                lease.Dispose(); // the block ends
            End(index);
        }
        Retries.EndBatch(index);
        return index;
    }

    /// <summary>The message, nobody else's: as it lies, or a copy. False when there is no slot for the copy at present.</summary>
    private bool TryOwn(int index, out Lease<T> lease)
    {
        Messages.TryTakeIn(index, out lease);
        if (lease.IsSole)
            return true;
        if (!Outputs.TryCopy(in lease.Value, out var copy))
        {
            Outputs.WhenFree(Wake);
            return false;
        }
        lease.Dispose();
        lease = copy;
        return true;
    }

    /// <summary>Changes the message. False when that failed: for good, and it is given up, or until later.</summary>
    private bool Mutate(Lease<T> lease, int index, out bool later)
    {
        later = false;
        while (true)
        {
            try
            {
                mutate(ref System.Runtime.CompilerServices.Unsafe.AsRef(in lease.Value));
                return true;
            }
            catch (Exception fault) // the delegate's
            {
                var answer = Retries.After(index);
                if (answer == RetryAnswer.Again)
                    continue;
                later = answer == RetryAnswer.Later;
                if (!later)
                    GiveUp(lease, fault);
                return false;
            }
        }
    }

    // Apart, so that the fast path makes no closure.
    private void GiveUp(Lease<T> lease, Exception fault)
    {
        var passed = false;
        if (!Errors.Survives(fault, () => { passed = true; return lease; }))
            Fail(fault);
        if (!passed)
            lease.Dispose();
        OnLeft(1); // nothing comes of it
    }
}

namespace Psyne.Flow;

/// <summary>A handler and the end it listens to.</summary>
internal abstract class Listener(SlabReader reader)
{
    internal SlabReader Reader { get; } = reader;

    /// <summary>Handles one message if there is one. The lease is given back also when the handler throws.</summary>
    internal abstract bool HandleOne();
}

/// <summary>A handler of fixed-size messages.</summary>
internal sealed class ValueListener<T>(SlabReader<T> reader, MessageHandler<T> handle) : Listener(reader) where T : unmanaged
{
    internal override bool HandleOne()
    {
        if (!reader.TryTake(out var lease))
            return false;
        using (lease)
            handle(in lease.Value);
        return true;
    }
}

/// <summary>A handler of frames.</summary>
internal sealed class FrameListener(FrameReader reader, FrameHandler handle) : Listener(reader)
{
    internal override bool HandleOne()
    {
        if (!reader.TryTake(out var lease))
            return false;
        using (lease)
            handle(lease.Bytes);
        return true;
    }
}

/// <summary>A handler of tensors.</summary>
internal sealed class TensorListener<T>(TensorReader<T> reader, TensorHandler<T> handle) : Listener(reader) where T : unmanaged
{
    internal override bool HandleOne()
    {
        if (!reader.TryTake(out var lease))
            return false;
        using (lease)
            handle(lease.Tensor);
        return true;
    }
}

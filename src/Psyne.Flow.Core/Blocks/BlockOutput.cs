using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>Room for messages that a block of one's own sends, built in the slots in which they go on.</summary>
/// <remarks>Valid during the call that it is given to, and used by its thread alone. What was added is sent when that returns.</remarks>
public ref struct BlockOutput<T> where T : unmanaged
{
    private readonly SlabQueue<T> _queue;
    private readonly Lock _values;
    private readonly int _room;

    internal BlockOutput(SlabQueue<T> queue, Lock values, int room) => (_queue, _values, _room) = (queue, values, room);

    /// <summary>How many were built.</summary>
    internal int Built { get; private set; }

    /// <summary>How many went on as they were.</summary>
    internal int Moved { get; private set; }

    /// <summary>How many more messages there is room for in this call.</summary>
    public readonly int Room => _room - Built - (SlabQueue<T>.IsByValue ? 0 : Moved);

    /// <summary>Adds a message: the slot in which it is built. What is left unwritten is whatever lay there.</summary>
    /// <exception cref="InvalidOperationException">There is no room: <see cref="Room"/> is 0.</exception>
    public ref T Add()
    {
        RequireRoom();
        return ref _queue.Out(Built++);
    }

    /// <summary>Adds a copy of a message.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="InvalidOperationException">There is no room: <see cref="Room"/> is 0.</exception>
    public void Add(in T message) => Add() = message;

    /// <summary>Passes the input's oldest message on as it is: a large one stays in its slot, and its handle moves.</summary>
    /// <param name="input">The input, one message of which is taken by it.</param>
    /// <exception cref="InvalidOperationException">There is no room: <see cref="Room"/> is 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The input shows no message.</exception>
    public void Move(ref BlockInput<T> input)
    {
        RequireRoom();
        ref readonly var message = ref input[0];
        if (SlabQueue<T>.IsByValue)
        {
            _queue.Out(Built++) = message;
            input.Take(1);
            return;
        }
        lock (_values)
        {
            _queue.CommitSome(Built); // they go first
            _queue.TryEnqueue(input.TakeLease());
        }
        Moved++;
    }

    private readonly void RequireRoom()
    {
        if (Room <= 0)
            throw new InvalidOperationException($"A message was added where there is no room: there was room for {_room} in this call.");
    }
}

using System.Diagnostics;

namespace Psyne.Flow.ModelChecking;

/// <summary>
/// A word that is accessed atomically. Real memory always holds its latest value; the history beside it is what
/// threads that are behind may still see.
/// </summary>
[DebuggerDisplay("{Address} = {Latest}")]
internal sealed unsafe class Location
{
    private Message[] _messages = new Message[4];

    public nint Address { get; private set; }

    public bool IsLong { get; private set; }

    /// <summary>Index into views; given in order of first use, per execution.</summary>
    public int Id { get; private set; }

    /// <summary>Which execution the content belongs to.</summary>
    public long Execution { get; private set; }

    /// <summary>Messages in modification order; under Tso only the first is used, for its clock.</summary>
    public int Count { get; private set; }

    public long Latest => IsLong ? *(long*)Address : *(int*)Address;

    public ref Message this[int stamp] => ref _messages[stamp];

    public void Reset(nint address, bool isLong, int id, long execution)
    {
        Address = address;
        IsLong = isLong;
        Id = id;
        Execution = execution;
        Count = 1;
        _messages[0] = new Message { Value = Latest };
    }

    public void Write(long value)
    {
        if (IsLong)
        {
            *(long*)Address = value;
        }
        else
        {
            *(int*)Address = (int)value;
        }
    }

    /// <summary>Appends to the modification order and returns the new message's stamp.</summary>
    public int Append(long value)
    {
        if (Count == _messages.Length)
        {
            Array.Resize(ref _messages, 2 * Count);
        }

        _messages[Count] = new Message { Value = value };
        Write(value);
        return Count++;
    }
}

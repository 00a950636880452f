using System.Numerics.Tensors;
using Psyne.Flow.Memory;

namespace Psyne.Flow.Tensors;

/// <summary>How a tensor lies in its slot.</summary>
/// <remarks>
/// <code>
/// a shape that the channel knows:    +0   elements, row by row
/// a shape of each tensor's own:      +0   rank       long, 0 to MaximumRank
///                                    +8   lengths    long[MaximumRank]
///                                    +128 elements, row by row
/// </code>
/// Elements start on a cache line.
/// </remarks>
internal sealed unsafe class TensorLayout
{
    /// <summary>The most dimensions of a tensor that carries its own shape.</summary>
    internal const int MaximumRank = 15;

    internal const int HeaderSize = CacheLine.Padding;

    private readonly nint[]? _lengths;
    private readonly int _elementSize;

    private TensorLayout(nint[]? lengths, nint elements, int elementSize)
    {
        _lengths = lengths;
        Elements = elements;
        _elementSize = elementSize;
    }

    /// <summary>The most elements of a tensor.</summary>
    internal nint Elements { get; }

    internal bool HasHeader => _lengths is null;

    internal int DataOffset => HasHeader ? HeaderSize : 0;

    internal long PayloadBytes => DataOffset + checked((long)Elements * _elementSize);

    internal ReadOnlySpan<nint> FixedLengths => _lengths;

    internal static TensorLayout Fixed<T>(ReadOnlySpan<nint> shape) where T : unmanaged =>
        new(shape.ToArray(), CountElements(shape, sizeof(T)), sizeof(T));

    internal static TensorLayout Variable<T>(nint maximumElements) where T : unmanaged
    {
        if (maximumElements < 1 || maximumElements > MaximumElements(sizeof(T)))
            throw new ArgumentOutOfRangeException(nameof(maximumElements), maximumElements,
                $"A maximum of {maximumElements} elements is outside 1 to {MaximumElements(sizeof(T))}.");
        return new TensorLayout(null, maximumElements, sizeof(T));
    }

    /// <summary>The product of the dimensions, checked.</summary>
    internal static nint CountElements(ReadOnlySpan<nint> shape, int elementSize)
    {
        nint elements = 1;
        foreach (var length in shape)
        {
            if (length < 0)
                throw new ArgumentOutOfRangeException(nameof(shape), length, $"The shape [{Text(shape)}] has a dimension of {length}; the least is 0.");
            if (length > 0 && elements > MaximumElements(elementSize) / length)
                throw new ArgumentOutOfRangeException(nameof(shape), Text(shape),
                    $"The shape [{Text(shape)}] has more than {MaximumElements(elementSize)} elements of {elementSize} bytes: it can't be addressed.");
            elements *= length;
        }
        return elements;
    }

    private static nint MaximumElements(int elementSize) => (nint)((1L << 46) / elementSize);

    internal static string Text(ReadOnlySpan<nint> shape) => string.Join(", ", shape.ToArray());

    /// <summary>Notes the shape of the tensor that is about to be built.</summary>
    internal void SetShape(byte* slot, ReadOnlySpan<nint> shape)
    {
        *(long*)slot = shape.Length;
        for (var i = 0; i < shape.Length; i++)
            ((long*)slot)[i + 1] = shape[i];
    }

    internal void CheckShape(ReadOnlySpan<nint> shape)
    {
        if (!HasHeader)
        {
            if (!shape.SequenceEqual(_lengths))
                throw new ArgumentException($"The shape [{Text(shape)}] is not the channel's, [{Text(_lengths)}].", nameof(shape));
            return;
        }
        if (shape.Length > MaximumRank)
            throw new ArgumentOutOfRangeException(nameof(shape), shape.Length, $"The shape [{Text(shape)}] has {shape.Length} dimensions; the most is {MaximumRank}.");
        var elements = CountElements(shape, _elementSize);
        if (elements > Elements)
            throw new ArgumentOutOfRangeException(nameof(shape), Text(shape), $"The shape [{Text(shape)}] has {elements} elements; the channel's tensors have {Elements} at most.");
    }

    /// <summary>Refuses elements that don't fill a shape.</summary>
    internal void CheckElements(int elements, ReadOnlySpan<nint> shape)
    {
        var expected = CountElements(shape, _elementSize);
        if (elements != expected)
            throw new ArgumentException($"{elements} elements were given for the shape [{Text(shape)}], which has {expected}.", nameof(elements));
    }

    /// <summary>The shape of the tensor in a slot, checked against what the slot has room for. The span is filled and returned.</summary>
    internal ReadOnlySpan<nint> ShapeOf(byte* slot, Span<nint> buffer)
    {
        if (_lengths is not null)
            return _lengths;
        var rank = *(long*)slot;
        if (rank is < 0 or > MaximumRank)
            throw new InvalidDataException($"A tensor's header names {rank} dimensions; the most is {MaximumRank}.");
        var shape = buffer[..(int)rank];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = (nint)((long*)slot)[i + 1];
        var elements = CountElements(shape, _elementSize);
        return elements <= Elements ? shape : throw new InvalidDataException(
            $"A tensor's header names {elements} elements; the slot has room for {Elements}.");
    }

    internal nint ElementsOf(byte* slot)
    {
        if (_lengths is not null)
            return Elements;
        Span<nint> buffer = stackalloc nint[MaximumRank];
        return CountElements(ShapeOf(slot, buffer), _elementSize);
    }

    internal TensorSpan<T> Span<T>(byte* slot) where T : unmanaged
    {
        Span<nint> buffer = stackalloc nint[MaximumRank];
        var shape = ShapeOf(slot, buffer);
        return new TensorSpan<T>((T*)(slot + DataOffset), CountElements(shape, _elementSize), shape, []);
    }

    internal ReadOnlyTensorSpan<T> ReadOnlySpan<T>(byte* slot) where T : unmanaged
    {
        Span<nint> buffer = stackalloc nint[MaximumRank];
        var shape = ShapeOf(slot, buffer);
        return new ReadOnlyTensorSpan<T>((T*)(slot + DataOffset), CountElements(shape, _elementSize), shape, []);
    }

    internal Span<T> Flat<T>(byte* slot) where T : unmanaged => new(slot + DataOffset, checked((int)ElementsOf(slot)));
}

namespace Psyne.Flow.Tensors;

/// <summary>The element types that tensors on slabs may have.</summary>
internal static class TensorElement
{
    private static readonly Type[] s_types =
    [
        typeof(float), typeof(double), typeof(Half), typeof(BFloat16),
        typeof(sbyte), typeof(byte), typeof(short), typeof(int), typeof(long),
    ];

    internal static void Check<T>()
    {
        if (!s_types.Contains(typeof(T)))
            throw new NotSupportedException(
                $"Tensors of {typeof(T)} are not supported: the element types are {string.Join(", ", s_types.Select(static type => type.Name))}.");
    }
}

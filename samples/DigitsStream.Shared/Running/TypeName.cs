namespace Psyne.Flow.Samples.Digits;

/// <summary>A type as it stands in code.</summary>
internal static class TypeName
{
    internal static string Of(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>"
        : type.Name;
}

using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Psyne.Flow.Tests.PublicApi;

/// <summary>
/// Prints what the users of an assembly can see, in C#'s words and in a fixed order. Full type names throughout: a
/// changed namespace is a change.
/// </summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) => Of(assembly.GetExportedTypes().Where(type => !type.IsNested));

    public static string Of(IEnumerable<Type> types)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string?, Type> space in types.GroupBy(type => type.Namespace).OrderBy(space => space.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"namespace {space.Key}\n{{\n");
            foreach (Type type in space.OrderBy(ApiNames.PlainNameOf, StringComparer.Ordinal).ThenBy(type => type.GetGenericArguments().Length))
            {
                AppendType(text, type, "    ");
            }

            text.Append("}\n");
        }

        return text.ToString();
    }

    private static void AppendType(StringBuilder text, Type type, string indent)
    {
        foreach (string attribute in ApiNames.AttributesOf(type))
        {
            text.Append(indent).Append(attribute).Append('\n');
        }

        if (typeof(Delegate).IsAssignableFrom(type) && type.BaseType == typeof(MulticastDelegate))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            text.Append(indent).Append(CultureInfo.InvariantCulture, $"{ApiNames.AccessOf(type)} delegate {ApiNames.ReturnOf(invoke)} {ApiNames.DeclaredNameOf(type)}({ApiNames.ParametersOf(invoke)}){Where(type, " ")};\n");
            return;
        }

        text.Append(indent).Append(CultureInfo.InvariantCulture, $"{ApiNames.AccessOf(type)} {KindOf(type)} {ApiNames.DeclaredNameOf(type)}{BasesOf(type)}\n");
        if (Where(type, $"\n{indent}    ") is { Length: > 0 } where)
        {
            text.Append(where.AsSpan(1)).Append('\n');
        }

        text.Append(indent).Append("{\n");
        foreach (string member in type.IsEnum ? EnumMembers(type) : Members(type))
        {
            text.Append(indent).Append("    ").Append(member).Append('\n');
        }

        foreach (Type nested in type.GetNestedTypes(Declared).Where(ApiNames.IsVisible).OrderBy(nested => nested.Name, StringComparer.Ordinal))
        {
            AppendType(text, nested, indent + "    ");
        }

        text.Append(indent).Append("}\n");
    }

    private static string Where(Type type, string separator) => ApiNames.ConstraintsOf(type.GetGenericArguments(), separator);

    private static string KindOf(Type type)
    {
        if (type.IsInterface)
        {
            return "interface";
        }

        if (type.IsEnum)
        {
            return "enum";
        }

        if (type.IsValueType)
        {
            return (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + "struct";
        }

        return type switch
        {
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
    }

    private static string BasesOf(Type type)
    {
        if (type.IsEnum)
        {
            return $" : {ApiNames.NameOf(Enum.GetUnderlyingType(type))}";
        }

        IEnumerable<string> bases = type.GetInterfaces().Where(ApiNames.IsVisible).Select(ApiNames.NameOf).Order(StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            bases = bases.Prepend(ApiNames.NameOf(parent));
        }

        string list = string.Join(", ", bases);
        return list.Length == 0 ? "" : $" : {list}";
    }

    private static IEnumerable<string> EnumMembers(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (field.Name, Value: Convert.ToDecimal(field.GetRawConstantValue(), CultureInfo.InvariantCulture)))
            .OrderBy(member => member.Value)
            .Select(member => $"{member.Name} = {member.Value},");

    private static IEnumerable<string> Members(Type type)
    {
        IEnumerable<(string Name, string Text)>[] kinds =
        [
            type.GetConstructors(Declared).Where(ApiNames.IsVisible)
                .Select(item => ("", $"{ApiNames.AccessOf(item)}{ApiNames.PlainNameOf(type)}({ApiNames.ParametersOf(item)});")),
            type.GetFields(Declared).Where(ApiNames.IsVisible).Select(item => (item.Name, ApiNames.FieldText(item))),
            type.GetProperties(Declared).Where(ApiNames.IsVisible).Select(item => (item.Name, ApiNames.PropertyText(item))),
            type.GetEvents(Declared).Where(item => ApiNames.IsVisible(item.AddMethod!))
                .Select(item => (item.Name, $"{ApiNames.AccessOf(item.AddMethod!)}event {ApiNames.NullableNameOf(item)} {item.Name};")),
            type.GetMethods(Declared)
                .Where(item => ApiNames.IsVisible(item) && (!item.IsSpecialName || item.Name.StartsWith("op_", StringComparison.Ordinal)))
                .Select(item => (item.Name, ApiNames.MethodText(item))),
        ];

        return kinds.SelectMany(kind => kind
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .ThenBy(member => member.Text, StringComparer.Ordinal)
            .Select(member => member.Text));
    }
}

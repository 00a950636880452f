using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Psyne.Flow.Tests.PublicApi;

/// <summary>Types, parameters and members by the names that <see cref="ApiText"/> prints.</summary>
internal static class ApiNames
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static bool IsVisible(Type type) =>
        type.IsGenericType && !type.IsGenericTypeDefinition ? IsVisible(type.GetGenericTypeDefinition())
        : type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
        : type.IsPublic;

    public static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    public static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    public static bool IsVisible(PropertyInfo property) => property.GetAccessors(nonPublic: true).Any(IsVisible);

    public static string AccessOf(Type type) => type.IsPublic || type.IsNestedPublic ? "public" : "protected";

    public static string AccessOf(MethodBase method)
    {
        bool isFace = method.DeclaringType!.IsInterface;
        string access = isFace ? "" : method.IsPublic ? "public " : "protected ";
        return access + method switch
        {
            { IsStatic: true, IsAbstract: true } => "static abstract ",
            { IsStatic: true } => "static ",
            { IsAbstract: true } => isFace ? "" : "abstract ",
            MethodInfo { IsVirtual: true, IsFinal: false } virtualMethod => virtualMethod.GetBaseDefinition() == virtualMethod ? "virtual " : "override ",
            _ => "",
        };
    }

    public static IEnumerable<string> AttributesOf(MemberInfo member)
    {
        if (member.IsDefined(typeof(FlagsAttribute)))
        {
            yield return "[System.Flags]";
        }

        if (member.GetCustomAttribute<ObsoleteAttribute>() is { } obsolete && !member.IsDefined(typeof(CompilerFeatureRequiredAttribute)))
        {
            yield return $"[System.Obsolete(\"{obsolete.Message}\")]";
        }
    }

    public static string NameOf(Type type)
    {
        if (type.IsByRef || type.IsPointer || type.IsArray)
        {
            string suffix = type.IsArray ? $"[{new string(',', type.GetArrayRank() - 1)}]" : type.IsPointer ? "*" : "";
            return NameOf(type.GetElementType()!) + suffix;
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type == typeof(void))
        {
            return "void";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return NameOf(underlying) + "?";
        }

        string prefix = type.IsNested ? NameOf(type.DeclaringType!) : type.Namespace!;
        int inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        string[] arguments = type.GetGenericArguments().Skip(inherited).Select(NameOf).ToArray();
        return $"{prefix}.{PlainNameOf(type)}{(arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments)}>")}";
    }

    public static string PlainNameOf(Type type) => type.Name.Split('`')[0];

    /// <summary>The name where the type is declared: with its own parameters and their variance.</summary>
    public static string DeclaredNameOf(Type type)
    {
        int inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        string[] parameters = type.GetGenericArguments().Skip(inherited).Select(parameter =>
            (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
            {
                GenericParameterAttributes.Covariant => "out ",
                GenericParameterAttributes.Contravariant => "in ",
                _ => "",
            } + parameter.Name).ToArray();
        return PlainNameOf(type) + (parameters.Length == 0 ? "" : $"<{string.Join(", ", parameters)}>");
    }

    public static string ConstraintsOf(Type[] parameters, string separator) => string.Concat(parameters.Select(parameter =>
    {
        GenericParameterAttributes flags = parameter.GenericParameterAttributes;
        var constraints = new List<string>();
        bool isUnmanaged = parameter.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "IsUnmanagedAttribute");
        bool isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        if (isUnmanaged || isStruct)
        {
            constraints.Add(isUnmanaged ? "unmanaged" : "struct");
        }

        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            constraints.Add("class");
        }

        constraints.AddRange(parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(NameOf).Order(StringComparer.Ordinal));
        if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct)
        {
            constraints.Add("new()");
        }

        if (flags.HasFlag(GenericParameterAttributes.AllowByRefLike))
        {
            constraints.Add("allows ref struct");
        }

        return constraints.Count == 0 ? "" : $"{separator}where {parameter.Name} : {string.Join(", ", constraints)}";
    }));

    public static string ReturnOf(MethodInfo method) =>
        RefOf(method.ReturnParameter) + NameOf(method.ReturnType) + Mark(() => Nullability.Create(method.ReturnParameter), method.ReturnType);

    public static string ParametersOf(MethodBase method) => string.Join(", ", method.GetParameters().Select((parameter, index) =>
    {
        string receiver = index == 0 && method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        string many = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        string scoped = parameter.IsDefined(typeof(ScopedRefAttribute)) && !parameter.IsOut ? "scoped " : "";
        string value = parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue)}" : "";
        string type = NameOf(parameter.ParameterType) + Mark(() => Nullability.Create(parameter), parameter.ParameterType);
        return $"{receiver}{many}{scoped}{RefOf(parameter)}{type} {parameter.Name}{value}";
    }));

    public static string NullableNameOf(EventInfo item) => NameOf(item.EventHandlerType!) + Mark(() => Nullability.Create(item), item.EventHandlerType!);

    public static string MethodText(MethodInfo method)
    {
        string generics = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>" : "";
        string where = method.IsGenericMethodDefinition ? ConstraintsOf(method.GetGenericArguments(), " ") : "";
        return $"{Attributes(method)}{AccessOf(method)}{ReturnOf(method)} {method.Name}{generics}({ParametersOf(method)}){where};";
    }

    public static string FieldText(FieldInfo field)
    {
        string access = field.IsPublic ? "public " : "protected ";
        string kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        string value = field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : "";
        return $"{Attributes(field)}{access}{kind}{NameOf(field.FieldType)}{Mark(() => Nullability.Create(field), field.FieldType)} {field.Name}{value};";
    }

    public static string PropertyText(PropertyInfo property)
    {
        MethodInfo? getter = property.GetMethod is { } get && IsVisible(get) ? get : null;
        MethodInfo? setter = property.SetMethod is { } set && IsVisible(set) ? set : null;
        string access = AccessOf(getter ?? setter!);
        string byRef = getter is null ? "" : RefOf(getter.ReturnParameter);
        string name = property.GetIndexParameters().Length == 0 ? property.Name : $"this[{ParametersOf(getter ?? (MethodBase)setter!).Split(", value")[0]}]";
        bool isInit = setter?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ?? false;
        string setterAccess = getter is not null && setter is { IsPublic: false } && getter.IsPublic ? "protected " : "";
        string accessors = (getter is null ? "" : "get; ") + (setter is null ? "" : $"{setterAccess}{(isInit ? "init" : "set")}; ");
        return $"{Attributes(property)}{access}{byRef}{NameOf(property.PropertyType)}{Mark(() => Nullability.Create(property), property.PropertyType)} {name} {{ {accessors}}}";
    }

    private static string Attributes(MemberInfo member) => string.Concat(AttributesOf(member).Select(attribute => attribute + " "));

    private static string RefOf(ParameterInfo parameter)
    {
        if (!parameter.ParameterType.IsByRef)
        {
            return "";
        }

        if (parameter.Position < 0)
        {
            return parameter.IsDefined(typeof(IsReadOnlyAttribute)) ? "ref readonly " : "ref ";
        }

        return parameter.IsOut ? "out "
            : parameter.IsDefined(typeof(RequiresLocationAttribute)) ? "ref readonly "
            : parameter.IsDefined(typeof(IsReadOnlyAttribute)) ? "in "
            : "ref ";
    }

    // Only the outermost question mark; those of type arguments are left out.
    private static string Mark(Func<NullabilityInfo> info, Type type)
    {
        Type bare = type.IsByRef ? type.GetElementType()! : type;
        if (bare.IsValueType || bare.IsPointer)
        {
            return "";
        }

        NullabilityInfo known = info();
        bool isNullable = (known.ReadState == NullabilityState.Unknown ? known.WriteState : known.ReadState) == NullabilityState.Nullable;
        return isNullable && !bare.IsGenericParameter ? "?" : "";
    }

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

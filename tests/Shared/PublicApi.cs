using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SyncHop.Shared;

/// <summary>
/// The public surface of an assembly as text: a paragraph for each type, a line for each member that callers can see, in an order
/// that does not depend on the source's. What records generate by themselves is left out.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(double)] = "double",
    };

    /// <summary>Describes an assembly.</summary>
    public static string Describe(Assembly assembly) =>
        string.Join('\n', assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).Select(Describe));

    private static string Describe(Type type)
    {
        IEnumerable<string> members = type.IsEnum
            ? type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.Name} = {field.GetRawConstantValue()}")
            : type.GetMembers(Declared).Select(DescribeMember).OfType<string>().Order(StringComparer.Ordinal);
        return Header(type) + "\n" + string.Concat(members.Select(member => $"    {member}\n"));
    }

    private static string Header(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate" : "class";
        string modifier = !type.IsClass ? "" : type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        List<string> bases = [];
        if (type.IsEnum) bases.Add(Name(type.GetEnumUnderlyingType()));
        else if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)) bases.Add(Name(parent));
        if (!type.IsEnum) bases.AddRange(type.GetInterfaces().Where(contract => contract.IsVisible).Select(Name).Order(StringComparer.Ordinal));
        return $"{modifier}{kind} {type.Namespace}.{Name(type)}" + (bases.Count == 0 ? "" : " : " + string.Join(", ", bases));
    }

    /// <returns>Null for what callers do not see, or see as part of another member.</returns>
    private static string? DescribeMember(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsVisible(constructor) && !constructor.IsStatic => $"{Access(constructor)}new({Parameters(constructor)})",
        MethodInfo method when IsVisible(method) && IsWritten(method) =>
            $"{Access(method)}{Modifier(method)}{Return(method)} {method.Name}{Generics(method)}({Parameters(method)})",
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsVisible) && property.Name != "EqualityContract" => Property(property),
        FieldInfo { IsPublic: true, IsLiteral: true } constant =>
            string.Create(CultureInfo.InvariantCulture, $"const {Name(constant.FieldType)} {constant.Name} = {constant.GetRawConstantValue()}"),
        FieldInfo { IsPublic: true } field =>
            $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(new NullabilityInfoContext().Create(field))} {field.Name}",
        EventInfo { AddMethod: { } add } happening when IsVisible(add) => $"event {Name(happening.EventHandlerType!)} {happening.Name}",
        _ => null,
    };

    private static string Property(PropertyInfo property)
    {
        MethodInfo accessor = property.GetAccessors(nonPublic: true).First(IsVisible);
        string get = property.GetMethod is { } getter && IsVisible(getter) ? "get; " : "";
        bool isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        string set = property.SetMethod is { } setter && IsVisible(setter) ? (isInit ? "init; " : "set; ") : "";
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{Parameters(parameters)}]" : "";
        return $"{Access(accessor)}{required}{Modifier(accessor)}{Name(new NullabilityInfoContext().Create(property))} {property.Name}{index} {{ {get}{set}}}";
    }

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    /// <summary>Whether it stands in the source: neither an accessor nor made by the compiler for a record.</summary>
    private static bool IsWritten(MethodInfo method) =>
        !method.IsDefined(typeof(CompilerGeneratedAttribute))
        && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal));

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifier(MethodInfo method) => method switch
    {
        { IsStatic: true } => "static ",
        { DeclaringType.IsInterface: true } => method.IsAbstract ? "" : "virtual ",
        { IsAbstract: true } => "abstract ",
        _ when method.GetBaseDefinition() != method => "override ",
        { IsVirtual: true, IsFinal: false } => "virtual ",
        _ => "",
    };

    private static string Return(MethodInfo method) => Name(new NullabilityInfoContext().Create(method.ReturnParameter));

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static string Parameters(MethodBase method)
    {
        string text = Parameters(method.GetParameters());
        return method.IsDefined(typeof(ExtensionAttribute)) ? "this " + text : text;
    }

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
    {
        string way = !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        string many = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        string otherwise = !parameter.HasDefaultValue ? "" : string.Create(CultureInfo.InvariantCulture, $" = {parameter.RawDefaultValue ?? "default"}");
        return $"{many}{way}{Name(new NullabilityInfoContext().Create(parameter))} {parameter.Name}{otherwise}";
    }));

    private static string Name(NullabilityInfo info)
    {
        Type type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        string mark = info.ReadState == NullabilityState.Nullable && !type.IsValueType ? "?" : "";
        if (info.ElementType is { } element) return Name(element) + "[]" + mark;
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        return info.GenericTypeArguments.Length == 0
            ? Name(type) + mark
            : $"{Simple(type)}<{string.Join(", ", info.GenericTypeArguments.Select(Name))}>{mark}";
    }

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out string? keyword)) return keyword;
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        string outer = type is { IsNested: true, IsGenericParameter: false } ? Name(type.DeclaringType!) + "." : "";
        return type.IsGenericType
            ? $"{outer}{Simple(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : outer + type.Name;
    }

    private static string Simple(Type type) => type.Name.Split('`')[0];
}

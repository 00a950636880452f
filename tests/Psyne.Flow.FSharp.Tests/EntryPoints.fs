/// Which members of a library a program's own code names: read from the metadata, so that none can be forgotten.
module Psyne.Flow.FSharp.Tests.EntryPoints

open System
open System.IO
open System.Reflection
open System.Reflection.Metadata
open System.Reflection.PortableExecutable
open System.Runtime.CompilerServices

/// A member by its type's name, its own, and how many parameters it has.
let private keyOf (typeName: string) (name: string) parameters = $"{typeName}.{name}/{parameters}"

/// The type that a member reference stands in; None where it is no named type of another assembly.
let private parentOf (reader: MetadataReader) (parent: EntityHandle) =
    let nameOf (handle: EntityHandle) =
        if handle.Kind = HandleKind.TypeReference then
            Some(reader.GetString (reader.GetTypeReference(TypeReferenceHandle.op_Explicit handle)).Name)
        else
            None

    if parent.Kind = HandleKind.TypeSpecification then
        // A generic instance (ECMA-335 II.23.2.14): 0x15, class or value type, the type, its arguments.
        let specification = reader.GetTypeSpecification(TypeSpecificationHandle.op_Explicit parent)
        let mutable blob = reader.GetBlobReader specification.Signature

        if blob.ReadByte() = 0x15uy then
            blob.ReadByte() |> ignore
            nameOf (blob.ReadTypeHandle())
        else
            None
    else
        nameOf parent

/// The members of other assemblies that an assembly's code names.
let private namedBy (assembly: Assembly) =
    use file = new PEReader(File.OpenRead assembly.Location)
    let reader = file.GetMetadataReader()

    set
        [ for handle in reader.MemberReferences do
              let reference = reader.GetMemberReference handle

              if reference.GetKind() = MemberReferenceKind.Method then
                  let mutable signature = reader.GetBlobReader reference.Signature
                  let header = signature.ReadSignatureHeader()

                  if header.IsGeneric then
                      signature.ReadCompressedInteger() |> ignore

                  let parameters = signature.ReadCompressedInteger()

                  match parentOf reader reference.Parent with
                  | Some typeName -> keyOf typeName (reader.GetString reference.Name) parameters
                  | None -> () ]

/// The public methods, constructors and properties of a library that the assembly's code doesn't name.
/// What compilers write (parts of records) and what Object declares is left out.
let unused (library: Assembly) (isLeftOut: MethodBase -> bool) (assembly: Assembly) =
    let named = namedBy assembly
    let visible = BindingFlags.Public ||| BindingFlags.Instance ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly

    let isAccessor (method: MethodBase) = method.IsSpecialName && method.Name.Contains '_' && not (method.Name.StartsWith "op_")

    let isWritten (method: MethodBase) =
        isAccessor method || not (method.IsDefined(typeof<CompilerGeneratedAttribute>, false))

    let isOfObject (method: MethodBase) =
        match method with
        | :? MethodInfo as info -> info.GetBaseDefinition().DeclaringType = typeof<obj> || info.GetBaseDefinition().DeclaringType = typeof<ValueType>
        | _ -> false

    [ for declaring in library.GetExportedTypes() do
          if not (declaring.IsSubclassOf typeof<Delegate> || declaring.IsEnum) then
              for found in declaring.GetMembers visible do
                  match found with
                  | :? MethodBase as method when isWritten method && not (isOfObject method) && not (isLeftOut method) ->
                      keyOf declaring.Name method.Name (method.GetParameters().Length)
                  | _ -> () ]
    |> List.distinct
    |> List.filter (fun key -> not (named.Contains key))

/// Where no package source holds Expecto: the names of it that the tests here use, and one xunit.v3 theory that runs
/// the same tree under the same names. A test that needs another name of Expecto's adds it here with Expecto's meaning.
namespace Expecto

open System
open System.Reflection
open System.Threading.Tasks
open Xunit

/// A test, or a named list of them.
type Test =
    | TestCase of name: string * isPending: bool * code: (unit -> Task)
    | TestList of name: string * tests: Test list

/// Marks a value of type Test as a root of the tree.
[<AttributeUsage(AttributeTargets.Property ||| AttributeTargets.Field ||| AttributeTargets.Method)>]
type TestsAttribute() =
    inherit Attribute()

/// What an expectation that isn't met throws.
type AssertException(message: string) =
    inherit Exception(message)

/// The builder behind `testTask "name" { ... }`.
type TestTaskBuilder(name: string, isPending: bool) =
    member _.Zero() = Task.FromResult(())
    member _.Return(value: 'a) = Task.FromResult value
    member _.Delay(code: unit -> Task<'a>) = code
    member _.Bind(first: Task, next: unit -> Task<'b>) = task { let! () = first in return! next () }
    member _.Bind(first: Task<'a>, next: 'a -> Task<'b>) = task { let! value = first in return! next value }
    member _.Bind(first: ValueTask<'a>, next: 'a -> Task<'b>) = task { let! value = first in return! next value }
    member _.Combine(first: Task<unit>, next: unit -> Task<'a>) = task { let! () = first in return! next () }
    member _.Using(resource: #IDisposable, next: _ -> Task<'a>) = task { try return! next resource finally resource.Dispose() }
    member _.TryWith(code: unit -> Task<'a>, next: exn -> Task<'a>) = task { try return! code () with e -> return! next e }
    member _.TryFinally(code: unit -> Task<'a>, last: unit -> unit) = task { try return! code () finally last () }
    member _.While(condition: unit -> bool, code: unit -> Task<unit>) = task { while condition () do do! code () }
    member _.For(items: 'a seq, code: 'a -> Task<unit>) = task { for item in items do do! code item }
    member _.Run(code: unit -> Task<unit>) = TestCase(name, isPending, (fun () -> code () :> Task))

[<AutoOpen>]
module Tests =
    let private synchronous (code: unit -> unit) () =
        code ()
        Task.CompletedTask

    let testList name tests = TestList(name, tests)
    let testCase name code = TestCase(name, false, synchronous code)
    let ptestCase name code = TestCase(name, true, synchronous code)
    let testTask name = TestTaskBuilder(name, false)
    let ptestTask name = TestTaskBuilder(name, true)
    let failtest message : 'a = raise (AssertException message)
    let failtestf format = Printf.ksprintf failtest format

[<RequireQualifiedAccess>]
module Expect =
    let equal (actual: 'a) (expected: 'a) message =
        if actual <> expected then
            failtestf "%s. Expected %A, was %A." message expected actual

    let notEqual (actual: 'a) (expected: 'a) message =
        if actual = expected then
            failtestf "%s. Expected anything but %A." message actual

    let sequenceEqual (actual: 'a seq) (expected: 'a seq) message =
        equal (List.ofSeq actual) (List.ofSeq expected) message

    let isTrue actual message =
        if not actual then
            failtestf "%s. Expected true, was false." message

    let isFalse actual message =
        if actual then
            failtestf "%s. Expected false, was true." message

    let throwsT<'e when 'e :> exn> (code: unit -> unit) message =
        let thrown =
            try
                code ()
                None
            with caught ->
                Some caught

        match thrown with
        | Some caught when caught.GetType() = typeof<'e> -> () // not of a type derived from it
        | Some other -> failtestf "%s. Expected %s, was %O." message typeof<'e>.Name other
        | None -> failtestf "%s. Expected %s, nothing was thrown." message typeof<'e>.Name

/// The tree as xunit.v3 sees it: one row a test, named by its path.
type ExpectoTests() =
    static let rec flatten path test =
        let below name = if path = "" then name else $"{path}.{name}"

        match test with
        | TestCase(name, isPending, code) -> [ below name, isPending, code ]
        | TestList(name, tests) -> tests |> List.collect (flatten (below name))

    static let isRoot (property: PropertyInfo) =
        property.IsDefined typeof<TestsAttribute> && property.PropertyType = typeof<Test>

    static let rows =
        Assembly.GetExecutingAssembly().GetTypes()
        |> Seq.collect _.GetProperties(BindingFlags.Static ||| BindingFlags.Public ||| BindingFlags.NonPublic)
        |> Seq.filter isRoot
        |> Seq.collect (fun property -> property.GetValue null |> nonNull |> unbox<Test> |> flatten "")
        |> List.ofSeq

    static let codeByName =
        match rows |> List.countBy (fun (name, _, _) -> name) |> List.filter (fun (_, count) -> count > 1) with
        | [] -> rows |> List.map (fun (name, _, code) -> name, code) |> Map.ofList
        | twice -> failtestf "Test names that stand more than once: %A" (List.map fst twice)

    /// The names, for the theory.
    static member Names: TheoryDataRow<string> seq =
        [ for name, isPending, _ in rows do
              let row = TheoryDataRow<string>(name)

              if isPending then
                  row.Skip <- "pending"

              row ]

    [<Theory; MemberData("Names")>]
    member _.Run(name: string) : Task = codeByName[name]()

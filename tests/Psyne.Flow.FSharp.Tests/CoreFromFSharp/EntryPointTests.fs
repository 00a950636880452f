/// Core as F# sees it without the F# face: every public entry point is used once, so that none becomes C#'s alone.
module Psyne.Flow.FSharp.Tests.CoreFromFSharp.EntryPointTests

open System
open System.Reflection
open Expecto
open Psyne.Flow
open Psyne.Flow.Diagnostics
open Psyne.Flow.FSharp.Tests

/// Members that nobody calls from here, each with its reason.
let private isLeftOut (method: MethodBase) =
    let declaring = method.DeclaringType |> nonNull

    typeof<Exception>.IsAssignableFrom declaring && method.IsConstructor // Core makes them
    || declaring = typeof<SlabAllocationException> // takes a system without memory
    || declaring = typeof<BFloat16> // a number: used through generic math and its operators
    || List.contains declaring [ typeof<ChannelStatistics>; typeof<BlockStatistics>; typeof<LeakReport>; typeof<WorkItemFailedEventArgs>; typeof<ObserverFailedEventArgs> ] && (method.IsConstructor || method.Name.StartsWith "set_") // Core makes them
    || List.contains method.Name [ "Dispose"; "DisposeAsync" ] // use, through the interface
       && (typeof<IDisposable>.IsAssignableFrom declaring || typeof<IAsyncDisposable>.IsAssignableFrom declaring)

[<Tests>]
let tests =
    testList "CoreFromFSharp" [
        testCase "EveryEntryPoint_IsUsed" (fun () ->
            let unused = EntryPoints.unused typeof<SlabChannel>.Assembly isLeftOut (Assembly.GetExecutingAssembly())
            Expect.equal (String.concat "\n" unused) "" "entry points of Core that no F# test uses")
    ]

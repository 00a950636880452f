/// Core as F# sees it without the F# face: every public entry point is used once, so that none can become a C# affair.
module Psyne.Flow.FSharp.Tests.CoreFromFSharpTests

open System
open System.Reflection
open Expecto
open Psyne.Flow

/// Members that nobody calls from here, each group with its reason.
let private isLeftOut (method: MethodBase) =
    let declaring = method.DeclaringType |> nonNull

    false

[<Tests>]
let coverage =
    testList "CoreFromFSharp" [
        testCase "EveryEntryPoint_IsUsed" (fun () ->
            let core = typeof<SlabChannel>.Assembly
            let unused = EntryPoints.unused core isLeftOut (Assembly.GetExecutingAssembly())
            Expect.sequenceEqual unused [] "entry points of Core that no F# test uses")
    ]

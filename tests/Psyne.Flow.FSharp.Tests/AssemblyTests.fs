module Psyne.Flow.FSharp.Tests.AssemblyTests

open System.Reflection
open Expecto

/// What the F# face may stand on: DESIGN's direction of references.
let private allowed =
    set [ "FSharp.Core"; "Psyne.Flow.Core"; "Psyne.Flow.Reactive"; "System.Reactive"; "netstandard" ]

[<Tests>]
let tests =
    testList "Assembly" [
        testCase "References_AreThoseOfTheDesign" (fun () ->
            let others =
                Assembly.Load("Psyne.Flow.FSharp").GetReferencedAssemblies()
                |> Seq.map (fun reference -> string reference.Name)
                |> Seq.filter (fun name -> not (allowed.Contains name || name.StartsWith "System."))

            Expect.sequenceEqual others [] "references outside of the design")
    ]

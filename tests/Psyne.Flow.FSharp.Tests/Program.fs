module Psyne.Flow.FSharp.Tests.Program

open Expecto

[<EntryPoint>]
let main arguments =
    runTestsInAssemblyWithCLIArgs [] arguments

module Psyne.Flow.Samples.DigitsStream.Program

open Psyne.Flow.Samples.Digits

[<EntryPoint>]
let main arguments =
    SampleProgram.RunAsync(arguments, "F#", DigitsFlow.build).GetAwaiter().GetResult()

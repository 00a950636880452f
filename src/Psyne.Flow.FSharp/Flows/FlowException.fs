namespace Psyne.Flow.FSharp

open System

[<Sealed>]
type FlowException(stage: string, message: string) =
    inherit InvalidOperationException(message)

    member _.Stage = stage

namespace Psyne.Flow.FSharp

open System
open Psyne.Flow

[<AbstractClass>]
type FlowPart internal (roots: Stage list, changed: Allows * string * (StageOptions -> StageOptions) -> FlowPart) =
    member _.Roots = roots
    member _.Change(needs: Allows, option: string, change: StageOptions -> StageOptions) = changed (needs, option, change)

[<Sealed>]
type Pipeline<'Result> internal (roots, connect: Run -> unit -> 'Result, changed: Allows * string * (StageOptions -> StageOptions) -> Pipeline<'Result>) =
    inherit FlowPart(roots, (fun (needs, option, change) -> changed (needs, option, change)))

    static member Of(stage: EndStage<'Result>) : Pipeline<'Result> =
        Pipeline<'Result>(
            [ stage ],
            stage.Connect,
            fun (needs, option, change) -> Pipeline<'Result>.Of(stage.With(stage.Changed(needs, option, change)))
        )

    member _.Changed(needs, option, change) = changed (needs, option, change)
    member _.Connect run = connect run

[<AbstractClass>]
type MessageFlow<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> internal (roots, changed) =
    inherit FlowPart(roots, changed)

[<Sealed>]
type Flow<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> internal (stage: Stage<Lease<'T>>) =
    inherit MessageFlow<'T>([ stage ], (fun (needs, option, change) -> Flow<'T>(stage.With(stage.Changed(needs, option, change)))))
    member _.Stage = stage

[<Sealed>]
type BatchFlow<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> internal (stage: Stage<OwnedLeaseBatch<'T>>) =
    inherit MessageFlow<'T>([ stage ], (fun (needs, option, change) -> BatchFlow<'T>(stage.With(stage.Changed(needs, option, change)))))
    member _.Stage = stage

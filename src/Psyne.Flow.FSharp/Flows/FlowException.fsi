namespace Psyne.Flow.FSharp

open System

/// <summary>A pipeline that can't be run, or an option that a stage has no use for. Nothing was run, nothing was taken.</summary>
[<Sealed>]
type FlowException =
    inherit InvalidOperationException

    internal new: stage: string * message: string -> FlowException

    /// <summary>The stage that it is about, by its name or its kind.</summary>
    member Stage: string

namespace Psyne.Flow.FSharp

open System
open Psyne.Flow

/// <summary>A part of a pipeline, or all of it: a description, which nothing runs until it is asked to, and which can be drawn.</summary>
/// <remarks>Immutable; thread-safe.</remarks>
[<AbstractClass>]
type FlowPart =
    internal new: roots: Stage list * changed: (Allows * string * (StageOptions -> StageOptions) -> FlowPart) -> FlowPart
    member internal Roots: Stage list
    member internal Change: needs: Allows * option: string * change: (StageOptions -> StageOptions) -> FlowPart

/// <summary>
/// A pipeline from its sources to its ends, as a value: <c>Flow.run</c> runs it, as often as its sources can be read.
/// </summary>
/// <remarks>Immutable; thread-safe.</remarks>
[<Sealed>]
type Pipeline<'Result> =
    class
        inherit FlowPart
        internal new: roots: Stage list * connect: (Run -> unit -> 'Result) * changed: (Allows * string * (StageOptions -> StageOptions) -> Pipeline<'Result>) -> Pipeline<'Result>
        static member internal Of: stage: EndStage<'Result> -> Pipeline<'Result>
        member internal Connect: run: Run -> (unit -> 'Result)
        member internal Changed: needs: Allows * option: string * change: (StageOptions -> StageOptions) -> Pipeline<'Result>
    end

/// <summary>A flow of messages of one type, one by one or in batches: what a channel can be filled from.</summary>
/// <remarks>Immutable; thread-safe.</remarks>
[<AbstractClass>]
type MessageFlow<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> =
    class
        inherit FlowPart
        internal new: roots: Stage list * changed: (Allows * string * (StageOptions -> StageOptions) -> FlowPart) -> MessageFlow<'T>
    end

/// <summary>
/// A flow of messages on slabs: a source and the stages behind it, as a value. Functions of the module <c>Flow</c> add
/// stages and make a <see cref="T:Psyne.Flow.FSharp.Pipeline`1"/> of it.
/// </summary>
/// <remarks>Immutable; thread-safe. A flow that is used twice is run twice, unless it is a branch.</remarks>
[<Sealed>]
type Flow<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> =
    class
        inherit MessageFlow<'T>
        internal new: stage: Stage<Lease<'T>> -> Flow<'T>
        member internal Stage: Stage<Lease<'T>>
    end

/// <summary>A flow of batches of messages, as <c>Flow.batch</c> and <c>Flow.window</c> make them; see the module <c>Batches</c>.</summary>
/// <remarks>Immutable; thread-safe.</remarks>
[<Sealed>]
type BatchFlow<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> =
    class
        inherit MessageFlow<'T>
        internal new: stage: Stage<OwnedLeaseBatch<'T>> -> BatchFlow<'T>
        member internal Stage: Stage<OwnedLeaseBatch<'T>>
    end

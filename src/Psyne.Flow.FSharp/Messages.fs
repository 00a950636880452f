namespace Psyne.Flow.FSharp

type MessageBuilder<'T> = delegate of slot: byref<'T> -> unit

type MessageReader<'T, 'Result> = delegate of message: inref<'T> -> 'Result

type MessageFolder<'State, 'T> = delegate of state: 'State * message: inref<'T> -> 'State

type MessageZip<'First, 'Second, 'T> = delegate of first: inref<'First> * second: inref<'Second> * output: byref<'T> -> unit

type BatchMapping<'T, 'U when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> System.ValueType> =
    delegate of batch: Psyne.Flow.OwnedLeaseBatch<'T> * output: byref<'U> -> unit

[<Struct; RequireQualifiedAccess>]
type NotWritten =
    | Full
    | Closed

[<Struct; RequireQualifiedAccess>]
type NotRead =
    | Empty
    | Closed

namespace Psyne.Flow.FSharp

type MessageBuilder<'T> = delegate of slot: byref<'T> -> unit

type MessageReader<'T, 'Result> = delegate of message: inref<'T> -> 'Result

type MessageFolder<'State, 'T> = delegate of state: 'State * message: inref<'T> -> 'State

[<Struct; RequireQualifiedAccess>]
type NotWritten =
    | Full
    | Closed

[<Struct; RequireQualifiedAccess>]
type NotRead =
    | Empty
    | Closed

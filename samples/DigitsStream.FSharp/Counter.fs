namespace Psyne.Flow.Samples.DigitsStream

open System.Threading

/// Counts the messages of one stage. One thread at a time adds; any looks.
[<Sealed>]
type Counter() =
    let mutable count = 0L

    member _.Value = Volatile.Read &count
    member _.Add() = Volatile.Write(&count, count + 1L)

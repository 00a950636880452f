namespace Psyne.Flow.FSharp

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Psyne.Flow

/// What stages with a state do; each object is of one run.
module internal Functions =

    /// Copies a message that matches.
    let filter (predicate: 'T -> bool) =
        SlabExpansion<'T, 'T>(fun input index output ->
            if index = 0 && predicate input then
                output <- input
                true
            else
                false)

    let choose (chooser: 'T -> 'U voption) =
        SlabExpansion<'T, 'U>(fun input index output ->
            if index = 0 then
                match chooser input with
                | ValueSome chosen ->
                    output <- chosen
                    true
                | ValueNone -> false
            else
                false)

/// The messages of a sequence for each message. When a retry follows a fault the sequence is made anew, and what was
/// passed on of the last one is skipped.
[<Sealed>]
type internal Collecting<'T, 'U>(collector: 'T -> seq<'U>) =
    let mutable values: IEnumerator<'U> | null = null
    let mutable next = 0

    let stop () =
        match values with
        | null -> ()
        | started ->
            values <- null
            started.Dispose()

    /// The enumerator, at the message before the index.
    let startAt index (input: 'T) =
        stop ()
        let started = (collector input).GetEnumerator()
        values <- started
        next <- 0

        while next < index && started.MoveNext() do
            next <- next + 1

        started

    member _.Next(input: 'T, index: int, output: byref<'U>) =
        try
            let values =
                match values with
                | null -> startAt index input
                | _ when index <> next -> startAt index input
                | current -> current

            if values.MoveNext() then
                next <- index + 1
                output <- values.Current
                true
            else
                stop ()
                false
        with _ ->
            stop ()
            reraise ()

/// The states after each message.
[<Sealed>]
type internal Scanning<'State, 'T>(folder: 'State -> 'T -> 'State, start: 'State) =
    let mutable state = start
    member _.Add(message: 'T) = state <- folder state message
    member _.State = state

/// As Scanning, by reference.
[<Sealed>]
type internal ScanningWith<'State, 'T>(folder: MessageFolder<'State, 'T>, start: 'State) =
    let mutable state = start
    member _.Add(message: inref<'T>) = state <- folder.Invoke(state, &message)
    member _.State = state

/// The last messages, of which a window is sent when it is full: each message is copied in once, and out for each window.
[<Sealed>]
type internal Windowing<'T>(size: int, step: int) =
    let last = Array.zeroCreate<'T> size
    let mutable count = 0L // messages so far
    let mutable sends = false

    /// Takes a message in at index 0, and gives the windows' messages that are due.
    member _.Next(input: 'T, index: int, output: byref<'T>) =
        if index = 0 then
            last[int (count % int64 size)] <- input
            count <- count + 1L
            sends <- count >= int64 size && (count - int64 size) % int64 step = 0L

        if sends && index < size then
            output <- last[int ((count + int64 index) % int64 size)]
            true
        else
            false

/// Lets messages go one after another, in any time of the given length not more than so many; the others wait.
[<Sealed>]
type internal Throttling<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType>
    (messages: int, per: TimeSpan, clock: TimeProvider, token: CancellationToken) =
    let went = Array.zeroCreate<int64> messages // when the last ones went, by the clock
    let mutable count = 0L

    let note () =
        went[int (count % int64 messages)] <- clock.GetTimestamp()
        count <- count + 1L

    /// How many ticks the next one has to wait. A number, since F# compares two of TimeSpan as objects.
    let left () =
        if count < int64 messages then
            0L
        else
            (per - clock.GetElapsedTime(went[int (count % int64 messages)])).Ticks

    // Apart, so that a message that needn't wait makes no task.
    member private _.Wait() : Task =
        task {
            let mutable wait = left ()

            while wait > 0L do
                // A timer counts in milliseconds, and a shorter time is none.
                do! Task.Delay(TimeSpan.FromMilliseconds(ceil (TimeSpan.FromTicks wait).TotalMilliseconds), clock, token)
                wait <- left ()

            note ()
        }

    member throttling.Pass(input: Lease<'T>, output: OutputSlot<'T>) : ValueTask =
        output.Value <- input.Value

        if left () > 0L then
            ValueTask(throttling.Wait())
        else
            note ()
            ValueTask()

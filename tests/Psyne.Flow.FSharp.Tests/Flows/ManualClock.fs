namespace Psyne.Flow.FSharp.Tests.Flows

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks

/// A clock that stands still until it is moved.
type ManualClock() =
    inherit TimeProvider()
    let gate = obj ()
    let timers = List<ManualTimer>()
    let set = new SemaphoreSlim 0
    let mutable now = TimeSpan.Zero

    override _.TimestampFrequency = TimeSpan.TicksPerSecond
    override _.GetTimestamp() = lock gate (fun () -> now.Ticks)
    override _.GetUtcNow() = lock gate (fun () -> DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero) + now)

    override clock.CreateTimer(callback, state, due, _) =
        let timer = new ManualTimer(clock, (fun () -> callback.Invoke state))
        timer.Change(due, Timeout.InfiniteTimeSpan) |> ignore
        timer

    /// Completes when a timer has been set since the last time.
    member _.TimerSet() : Task = set.WaitAsync()

    /// Moves on, and calls what is due.
    member _.Advance(time: TimeSpan) =
        let due =
            lock gate (fun () ->
                now <- now + time
                let due = timers.FindAll(fun timer -> timer.Due <= now)
                timers.RemoveAll(fun timer -> timer.Due <= now) |> ignore
                due)

        for timer in due do
            timer.Call()

    member internal _.Set(timer: ManualTimer, due: TimeSpan) =
        lock gate (fun () ->
            timers.Remove timer |> ignore

            if due <> Timeout.InfiniteTimeSpan then
                timer.Due <- now + due
                timers.Add timer)

        if due <> Timeout.InfiniteTimeSpan then
            set.Release() |> ignore

and ManualTimer(clock: ManualClock, call: unit -> unit) =
    member val Due = TimeSpan.Zero with get, set
    member _.Call() = call ()

    member timer.Change(due: TimeSpan, _: TimeSpan) =
        clock.Set(timer, due)
        true

    interface ITimer with
        member timer.Change(due, period) = timer.Change(due, period)
        member timer.Dispose() = clock.Set(timer, Timeout.InfiniteTimeSpan)

        member timer.DisposeAsync() =
            clock.Set(timer, Timeout.InfiniteTimeSpan)
            ValueTask()

namespace Psyne.Flow.FSharp

open System
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open System.Threading.Tasks.Sources
open Psyne.Flow

module internal Writing =
    let closed (writer: SlabWriter) =
        SlabChannelClosedException $"{writer} was closed before the flow that it is filled from had ended."

    let tryPublish (writer: SlabWriter<'T>) (value: 'T) = writer.TryPublish &value

/// Publishes one message after another, and waits for room without a thread and without allocating: one wait at a time.
[<Sealed>]
type internal WriterSink<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType>
    (writer: SlabWriter<'T>, token: CancellationToken) =
    let mutable core = ManualResetValueTaskSourceCore<bool>(RunContinuationsAsynchronously = true)
    let mutable waits = Unchecked.defaultof<Runtime.CompilerServices.ValueTaskAwaiter<bool>>
    let mutable message = Unchecked.defaultof<Lease<'T>>
    let mutable onRoom = Unchecked.defaultof<Action>

    /// Waits for room until the message is published. True when it was; false when the wait goes on.
    member private sink.TryGoOn() =
        let mutable published = false
        let mutable suspended = false

        while not published && not suspended do
            waits <- writer.WaitToClaimAsync(token).GetAwaiter()

            if waits.IsCompleted then
                if not (waits.GetResult()) then
                    raise (Writing.closed writer)

                published <- writer.TryPublish &message.Value
            else
                suspended <- true

        published

    member private sink.OnRoom() =
        try
            if not (waits.GetResult()) then
                raise (Writing.closed writer)

            if (writer.TryPublish &message.Value) || sink.TryGoOn() then
                core.SetResult true
            else
                waits.UnsafeOnCompleted onRoom
        with fault ->
            core.SetException fault

    /// Publishes a message; the lease stays the caller's.
    member sink.Write(lease: Lease<'T>) : ValueTask =
        if writer.TryPublish &lease.Value then
            ValueTask()
        else
            core.Reset()
            message <- lease

            if sink.TryGoOn() then
                ValueTask()
            else
                if isNull (box onRoom) then
                    onRoom <- Action sink.OnRoom

                let version = core.Version
                waits.UnsafeOnCompleted onRoom
                ValueTask(sink, version)

    interface IValueTaskSource with
        member _.GetResult version = core.GetResult version |> ignore
        member _.GetStatus version = core.GetStatus version
        member _.OnCompleted(continuation, state, version, flags) = core.OnCompleted(continuation, state, version, flags)

/// Builds a message of each batch or pair in a slot of a channel of its own, which the flow goes on from.
[<AbstractClass>]
type internal Bridge<'M, 'U when 'U: unmanaged and 'U: struct and 'U: (new: unit -> 'U) and 'U :> ValueType>
    (run: Run, source: IReceivableSourceBlock<'M>, options: StageOptions, writer: SlabWriter<'U>) =
    inherit Drain<'M>(run, source, options)

    abstract Build: message: 'M * slot: byref<'U> -> unit

    override bridge.Handle message =
        let mutable claim = new Claim<'U>()

        if writer.TryClaim &claim then
            try
                bridge.Build(message, &claim.Value)
                claim.Publish()
            finally
                claim.Dispose()

            ValueTask<bool> true
        else
            ValueTask<bool> false

    override _.WaitForRoom token = writer.WaitToClaimAsync token
    override _.OnEnded() = writer.Complete() |> ignore

[<Sealed>]
type internal ZipBridge<'A, 'B, 'U
    when 'A: unmanaged and 'A: struct and 'A: (new: unit -> 'A) and 'A :> ValueType
    and 'B: unmanaged and 'B: struct and 'B: (new: unit -> 'B) and 'B :> ValueType
    and 'U: unmanaged and 'U: struct and 'U: (new: unit -> 'U) and 'U :> ValueType>
    (run, source, options, writer, zip: MessageZip<'A, 'B, 'U>) =
    inherit Bridge<LeasePair<'A, 'B>, 'U>(run, source, options, writer)

    override _.Build(pair, slot) =
        zip.Invoke(&pair.First, &pair.Second, &slot)

    override _.Free pair = pair.Dispose()

[<Sealed>]
type internal BatchBridge<'T, 'U
    when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType
    and 'U: unmanaged and 'U: struct and 'U: (new: unit -> 'U) and 'U :> ValueType>
    (run, source, options, writer, map: BatchMapping<'T, 'U>) =
    inherit Bridge<OwnedLeaseBatch<'T>, 'U>(run, source, options, writer)
    override _.Build(batch, slot) = map.Invoke(batch, &slot)
    override _.Free batch = batch.Dispose()

/// Publishes the messages of each batch, as many at a time as there is room for.
[<Sealed>]
type internal BatchWriter<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType>
    (run, source, options, writer: SlabWriter<'T>, onEnded: unit -> unit) =
    inherit Drain<OwnedLeaseBatch<'T>>(run, source, options)
    let mutable next = 0

    override _.Handle batch =
        let mutable full = false

        while next < batch.Count && not full do
            let mutable claims = new ClaimBatch<'T>()

            if writer.TryClaimBatch(batch.Count - next, &claims) then
                try
                    for index in 0 .. claims.Count - 1 do
                        claims[index] <- batch[next + index]

                    let count = claims.Count
                    claims.Publish()
                    next <- next + count
                finally
                    claims.Dispose()
            else
                full <- true

        ValueTask<bool>(not full)

    override _.WaitForRoom token = writer.WaitToClaimAsync token

    override _.Free batch =
        next <- 0
        batch.Dispose()

    override _.OnEnded() = onEnded ()

/// Calls a function for each batch.
[<Sealed>]
type internal BatchAction<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType>
    (run, source, options, action: OwnedLeaseBatch<'T> -> ValueTask<bool>) =
    inherit Drain<OwnedLeaseBatch<'T>>(run, source, options)
    override _.Handle batch = action batch
    override _.WaitForRoom _ = ValueTask<bool> true
    override _.Free batch = if batch.IsHeld then batch.Dispose()

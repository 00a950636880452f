namespace Psyne.Flow.FSharp

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Psyne.Flow
open Checks

[<RequireQualifiedAccess>]
module Flow =

    // Sources

    let ofChannel (channel: SlabChannel<'T>) =
        notNull "channel" channel
        Sources.ofReader "ofChannel" (fun () -> channel.Reader)

    let ofReader (reader: SlabReader<'T>) =
        notNull "reader" reader
        Sources.ofReader "ofReader" (fun () -> reader)

    let ofSeq (values: seq<'T>) =
        notNull "values" values
        Sources.ofSeq values

    let ofAsyncSeq (values: IAsyncEnumerable<'T>) =
        notNull "values" values
        Sources.ofAsyncSeq values

    let ofBlock (block: ISourceBlock<Lease<'T>>) =
        notNull "block" block
        Sources.ofBlock block

    // Stages

    let mapWith (mapping: SlabTransform<'T, 'U>) (flow: Flow<'T>) =
        notNull "mapping" mapping
        Stages.transform "map" mapping flow

    let map (mapping: 'T -> 'U) (flow: Flow<'T>) =
        notNull "mapping" mapping
        Stages.transform "map" (SlabTransform(fun input output -> output <- mapping input)) flow

    let mapInPlace (mutation: SlabMutation<'T>) (flow: Flow<'T>) =
        notNull "mutation" mutation
        Stages.mutate "mapInPlace" Allows.Functions mutation ValueNone flow

    let mapAsyncWith (mapping: Func<Lease<'T>, OutputSlot<'U>, ValueTask>) (flow: Flow<'T>) =
        notNull "mapping" mapping
        Stages.transformAsync "mapAsync" (fun () -> mapping) flow

    let mapAsync (mapping: 'T -> Task<'U>) (flow: Flow<'T>) =
        notNull "mapping" mapping

        let write (slot: OutputSlot<'U>) (value: 'U) =
            slot.Value <- value

        let apply (input: Lease<'T>) (slot: OutputSlot<'U>) : ValueTask =
            let mapped = mapping input.Value

            if mapped.IsCompletedSuccessfully then
                write slot mapped.Result
                ValueTask()
            else
                ValueTask(
                    task {
                        let! value = mapped
                        write slot value
                    }
                )

        mapAsyncWith (Func<_, _, _> apply) flow

    let filter (predicate: 'T -> bool) (flow: Flow<'T>) =
        notNull "predicate" predicate
        Stages.expand "filter" "" Allows.Functions (fun () -> Functions.filter predicate) flow

    let choose (chooser: 'T -> 'U voption) (flow: Flow<'T>) =
        notNull "chooser" chooser
        Stages.expand "choose" "" Allows.Functions (fun () -> Functions.choose chooser) flow

    let collectWith (expansion: SlabExpansion<'T, 'U>) (flow: Flow<'T>) =
        notNull "expansion" expansion
        Stages.expand "collect" "" Allows.Functions (fun () -> expansion) flow

    let collect (collector: 'T -> seq<'U>) (flow: Flow<'T>) =
        notNull "collector" collector

        let make () =
            let collecting = Collecting<'T, 'U> collector
            SlabExpansion<'T, 'U>(fun input index output -> collecting.Next(input, index, &output))

        Stages.expand "collect" "" Allows.Function make flow

    let scan (folder: 'State -> 'T -> 'State) (state: 'State) (flow: Flow<'T>) =
        notNull "folder" folder

        let make () =
            let scanning = Scanning<'State, 'T>(folder, state)

            SlabTransform<'T, 'State>(fun input output ->
                scanning.Add input
                output <- scanning.State)

        Stages.stateful "scan" make flow

    let scanWith (folder: MessageFolder<'State, 'T>) (state: 'State) (flow: Flow<'T>) =
        notNull "folder" folder

        let make () =
            let scanning = ScanningWith<'State, 'T>(folder, state)

            SlabTransform<'T, 'State>(fun input output ->
                scanning.Add &input
                output <- scanning.State)

        Stages.stateful "scan" make flow

    let tapWith (action: MessageHandler<'T>) (flow: Flow<'T>) =
        notNull "action" action
        Stages.mutate "tap" Allows.Functions (SlabMutation(fun message -> action.Invoke &message)) ValueNone flow

    let tap (action: 'T -> unit) (flow: Flow<'T>) =
        notNull "action" action
        Stages.mutate "tap" Allows.Functions (SlabMutation(fun message -> action message)) ValueNone flow

    let tapObserver (observer: IObserver<'T>) (flow: Flow<'T>) =
        notNull "observer" observer

        let tell outcome =
            match outcome with
            | Completed -> observer.OnCompleted()
            | Faulted faults -> observer.OnError faults.Head
            | Canceled token -> observer.OnError(OperationCanceledException token)

        Stages.mutate "tap" Allows.Function (SlabMutation(fun message -> observer.OnNext message)) (ValueSome tell) flow

    let throttle (messages: int) (per: TimeSpan) (flow: Flow<'T>) =
        within "messages" 1 (1 <<< 20) messages "A rate"
        isDelay "per" per

        let make (options: StageOptions) token =
            let throttling = Throttling<'T>(messages, per, options.Clock, token)
            Func<Lease<'T>, OutputSlot<'T>, ValueTask>(fun input output -> throttling.Pass(input, output))

        Stages.waiting "throttle" $"{messages} per {per}" make flow

    // Batches

    let private checkCount count =
        within "count" 1 SlabBatchBlock<int>.LargestBatch count "A batch"

    let private unbounded = int64 DataflowBlockOptions.Unbounded

    let batch (count: int) (flow: Flow<'T>) =
        checkCount count
        Stages.batch "batch" $"{count}" Allows.Capacity count unbounded Timeout.InfiniteTimeSpan flow

    let batchBytes (bytes: int64) (count: int) (flow: Flow<'T>) =
        atLeast "bytes" 1L bytes "A batch of bytes"
        checkCount count
        Stages.batch "batch" $"{count} or {bytes} bytes" Allows.Capacity count bytes Timeout.InfiniteTimeSpan flow

    let batchWithin (delay: TimeSpan) (count: int) (flow: Flow<'T>) =
        isDelay "delay" delay
        checkCount count
        Stages.batch "batch" $"{count} or {delay}" (Allows.Capacity ||| Allows.Clock) count unbounded delay flow

    let window (size: int) (step: int) (flow: Flow<'T>) =
        within "size" 1 SlabBatchBlock<int>.LargestBatch size "A window"
        atLeast "step" 1L (int64 step) "A step"

        let windows () =
            let windowing = Windowing<'T>(size, step)
            SlabExpansion<'T, 'T>(fun input index output -> windowing.Next(input, index, &output))

        Stages.window $"of {size} by {step}" size windows flow

    // Several flows

    let merge (flows: Flow<'T> list) =
        notNull "flows" flows
        atLeast "flows" 1L (int64 flows.Length) "A merge"
        Stages.merge flows

    let zipWith (zip: MessageZip<'A, 'B, 'T>) (first: Flow<'A>) (second: Flow<'B>) =
        notNull "zip" zip
        Stages.zip "zip" zip first second

    let zip (first: Flow<'A>) (second: Flow<'B>) : Flow<struct ('A * 'B)> =
        zipWith (MessageZip(fun first second output -> output <- struct (first, second))) first second

    let broadcast (count: int) (flow: Flow<'T>) =
        within "count" 1 1024 count "A broadcast"
        Stages.broadcast count flow

    let split (predicate: 'T -> bool) (flow: Flow<'T>) =
        notNull "predicate" predicate
        Stages.split predicate flow

    // Options

    let private change needs option change (part: 'Part when 'Part :> FlowPart) =
        (part :> FlowPart).Change(needs, option, change) :> obj :?> 'Part

    let withName (name: string) part =
        notNull "name" name
        part |> change Allows.Nothing "A name" (fun options -> { options with Name = name })

    let withCapacity (messages: int) part =
        atLeast "messages" 1L (int64 messages) "A bound"
        part |> change Allows.Capacity "A bound" (fun options -> { options with Capacity = ValueSome messages })

    let withBytes (bytes: int64) part =
        atLeast "bytes" 1L bytes "A bound in bytes"
        part |> change Allows.Queue "A bound in bytes" (fun options -> { options with Bytes = bytes })

    let withSizeFactor (factor: int) part =
        within "factor" 0 1023 factor "A size factor"
        part |> change Allows.Queue "A size factor" (fun options -> { options with SizeFactor = factor })

    let withParallelism (degree: int) part =
        atLeast "degree" 1L (int64 degree) "A parallelism"
        part |> change Allows.Parallelism "A parallelism" (fun options -> { options with Parallelism = degree })

    let unordered part =
        part |> change Allows.Parallelism "Giving up order" (fun options -> { options with Ordered = false })

    let withTimeProvider (clock: TimeProvider) part =
        notNull "clock" clock
        part |> change Allows.Clock "A clock" (fun options -> { options with Clock = clock })

    let withCancellation (token: CancellationToken) part =
        part |> change Allows.Nothing "A token" (fun options -> { options with Tokens = token :: options.Tokens })

    let faultOnError part =
        part |> change Allows.Errors "What happens on errors" (fun options -> { options with OnError = OnError.Fault; DeadLetters = null })

    let skipOnError part =
        part |> change Allows.Errors "What happens on errors" (fun options -> { options with OnError = OnError.Skip; DeadLetters = null })

    let retryOnError (retries: int) (delay: TimeSpan) part =
        atLeast "retries" 1L (int64 retries) "A number of retries"

        if delay < TimeSpan.Zero || delay > TimeSpan.FromDays 1.0 then
            raise (ArgumentOutOfRangeException("delay", delay, $"A delay of {delay} is outside 0 to a day."))

        part |> change Allows.Errors "A retry" (fun options -> { options with Retries = retries; RetryDelay = delay })

    let deadLetterOnError (letters: ITargetBlock<DeadLetter<'In>>) (part: 'Part when 'Part :> FlowPart) =
        notNull "letters" letters

        for stage in (part :> FlowPart).Roots do
            if stage.Info.Allows.HasFlag Allows.DeadLetters && stage.Info.Consumes <> typeof<'In> then
                raise (
                    ArgumentException(
                        $"The stage '{stage.Title}' ({stage.Info.Kind}) takes messages of {typeName stage.Info.Consumes}; the target takes dead letters of {typeName typeof<'In>}.",
                        "letters"
                    )
                )

        part
        |> change (Allows.Errors ||| Allows.DeadLetters) "A target for dead letters" (fun options ->
            { options with OnError = OnError.DeadLetter; DeadLetters = box letters })

    // Ends

    let iterWith (action: MessageHandler<'T>) (flow: Flow<'T>) =
        notNull "action" action
        Ends.action "iter" Allows.Functions (fun () -> struct (action, ignore)) flow

    let iter (action: 'T -> unit) (flow: Flow<'T>) =
        notNull "action" action
        iterWith (MessageHandler(fun message -> action message)) flow

    let iterTask (action: Lease<'T> -> Task<unit>) (flow: Flow<'T>) =
        notNull "action" action
        Ends.actionAsync "iter" (Func<_, _>(fun lease -> ValueTask(action lease :> Task))) flow

    let foldWith (folder: MessageFolder<'State, 'T>) (state: 'State) (flow: Flow<'T>) =
        notNull "folder" folder

        let make () =
            let folding = ScanningWith<'State, 'T>(folder, state)
            struct (MessageHandler<'T>(fun message -> folding.Add &message), (fun () -> folding.State))

        Ends.action "fold" Allows.Function make flow

    let fold (folder: 'State -> 'T -> 'State) (state: 'State) (flow: Flow<'T>) =
        notNull "folder" folder

        let make () =
            let folding = Scanning<'State, 'T>(folder, state)
            struct (MessageHandler<'T>(fun message -> folding.Add message), (fun () -> folding.State))

        Ends.action "fold" Allows.Function make flow

    let toChannel (target: SlabChannel<'T>) (flow: MessageFlow<'T>) =
        notNull "target" target
        Ends.toWriter "toChannel" true (fun () -> target.Writer) flow

    let toWriter (target: SlabWriter<'T>) (flow: MessageFlow<'T>) =
        notNull "target" target
        Ends.toWriter "toWriter" false (fun () -> target) flow

    let toBlock (target: ITargetBlock<Lease<'T>>) (flow: Flow<'T>) =
        notNull "target" target
        Ends.toBlock target flow

    let toSeq (flow: Flow<'T>) = FlowSequence<'T> flow :> seq<'T>
    let toTaskSeq (flow: Flow<'T>) = FlowStream<'T> flow :> IAsyncEnumerable<'T>
    let observe (flow: Flow<'T>) = FlowObservable<'T> flow :> IObservable<'T>

    // Running

    let all (pipelines: Pipeline<'R> list) =
        notNull "pipelines" pipelines
        atLeast "pipelines" 1L (int64 pipelines.Length) "A pipeline of several"
        Ends.all pipelines

    let both (first: Pipeline<'A>) (second: Pipeline<'B>) = Ends.both first second

    let run (pipeline: Pipeline<'R>) = Ends.run pipeline
    let runWith (action: 'T -> unit) (flow: Flow<'T>) = flow |> iter action |> run
    let wait (running: RunningPipeline<'R>) = running.Completion.GetAwaiter().GetResult()

    // Drawing

    let toMermaid (part: FlowPart) = Drawing.toMermaid part.Roots
    let toDot (part: FlowPart) = Drawing.toDot part.Roots

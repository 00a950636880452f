namespace Psyne.Flow.FSharp

open System
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Psyne.Flow

/// Where pipelines end.
module internal Ends =

    let private info kind (element: Type) allows (input: Stage) =
        { Info.make kind element with
            Shape = StageShape.Ends
            Consumes = element
            Allows = allows
            Inputs = [ input ] }

    let private pipeline info connect = Pipeline<'R>.Of(EndStage<'R>(info, StageOptions.Default, connect))

    let private letters<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> (options: StageOptions) : ITargetBlock<DeadLetter<'T>> | null =
        match options.DeadLetters with
        | :? ITargetBlock<DeadLetter<'T>> as target -> target
        | _ -> null

    let private finish (run: Run) (input: Stage<Lease<'T>>) (options: StageOptions) (block: SlabActionBlock<'T>) tell =
        block.DeadLetters <- letters<'T> options
        run.CountErrors(fun () -> block.Errors)
        run.Watch block
        run.Sink(block.Completion, tell)
        (input.Connect run).Link block

    /// A function for each message; it is made for each run, with what tells the result.
    let action kind allows (make: unit -> struct (MessageHandler<'T> * (unit -> 'R))) (source: Flow<'T>) : Pipeline<'R> =
        pipeline (info kind typeof<'T> allows source.Stage) (fun options run ->
            let struct (handle, result) = make ()
            finish run source.Stage options (SlabActionBlock<'T>(handle, options.ForBlock(kind, run.Token))) ignore
            result)

    let actionAsync kind (handle: Func<Lease<'T>, ValueTask>) (source: Flow<'T>) : Pipeline<unit> =
        pipeline (info kind typeof<'T> Allows.Functions source.Stage) (fun options run ->
            finish run source.Stage options (SlabActionBlock<'T>.CreateAsync(handle, options.ForBlock(kind, run.Token))) ignore
            ignore)

    let private complete (writer: SlabWriter) outcome =
        match outcome with
        | Completed -> writer.Complete() |> ignore
        | Faulted [ fault ] -> writer.Complete fault |> ignore
        | Faulted faults -> writer.Complete(AggregateException faults) |> ignore
        | Canceled token -> writer.Complete(OperationCanceledException token) |> ignore

    /// Into a channel, which is completed as the run ends, or left open.
    let toWriter kind completes (openWriter: unit -> SlabWriter<'T>) (source: MessageFlow<'T>) : Pipeline<unit> =
        let tell (writer: SlabWriter<'T>) outcome =
            if completes then
                complete writer outcome

        match source with
        | :? Flow<'T> as messages ->
            pipeline (info kind typeof<'T> Allows.Queue messages.Stage) (fun options run ->
                let writer = openWriter ()
                let sink = WriterSink<'T>(writer, run.Token)
                let write = Func<Lease<'T>, ValueTask>(sink.Write)
                finish run messages.Stage options (SlabActionBlock<'T>.CreateAsync(write, options.ForBlock(kind, run.Token))) (tell writer)
                ignore)
        | :? BatchFlow<'T> as batches ->
            pipeline (info kind typeof<OwnedLeaseBatch<'T>> Allows.Nothing batches.Stage) (fun options run ->
                let writer = openWriter ()
                let port = batches.Stage.Connect run
                let drain = BatchWriter<'T>(run, port.Block, options, writer, ignore)
                run.Sink(drain.Completion, tell writer)
                drain.Start()
                ignore)
        | _ -> invalidOp $"{source.GetType()} is no flow of messages or batches."

    /// A function for each batch.
    let batchAction kind (make: unit -> struct ((OwnedLeaseBatch<'T> -> ValueTask<bool>) * (unit -> 'R))) (source: BatchFlow<'T>) : Pipeline<'R> =
        pipeline (info kind typeof<OwnedLeaseBatch<'T>> Allows.Errors source.Stage) (fun options run ->
            let struct (handle, result) = make ()
            let port = source.Stage.Connect run
            let drain = BatchAction<'T>(run, port.Block, options, handle)
            run.Sink(drain.Completion, ignore)
            drain.Start()
            result)

    /// Into a target block, which is completed, or faulted, as the run ends.
    let toBlock (target: ITargetBlock<Lease<'T>>) (source: Flow<'T>) : Pipeline<unit> =
        pipeline (info "toBlock" typeof<'T> Allows.Queue source.Stage) (fun options run ->
            let buffer = SlabBufferBlock<'T>(options.ForBlock("toBlock", run.Token))
            run.Watch buffer
            buffer.LinkTo(target, alone) |> run.Own

            run.Sink(
                buffer.Completion,
                function
                | Completed -> target.Complete()
                | Faulted faults -> target.Fault(AggregateException faults)
                | Canceled token -> target.Fault(OperationCanceledException token)
            )

            (source.Stage.Connect run).Link buffer
            ignore)

    /// Several pipelines as one run.
    let all (pipelines: Pipeline<'R> list) : Pipeline<'R list> =
        let rec group (members: Pipeline<'R> list) : Pipeline<'R list> =
            Pipeline<'R list>(
                members |> List.collect (fun one -> (one :> FlowPart).Roots),
                (fun run ->
                    let results = members |> List.map (fun one -> one.Connect run)
                    fun () -> results |> List.map (fun result -> result ())),
                fun (needs, option, change) -> group (members |> List.map (fun one -> one.Changed(needs, option, change)))
            )

        group pipelines

    let both (first: Pipeline<'A>) (second: Pipeline<'B>) : Pipeline<'A * 'B> =
        let rec pair (first: Pipeline<'A>) (second: Pipeline<'B>) : Pipeline<'A * 'B> =
            Pipeline<'A * 'B>(
                (first :> FlowPart).Roots @ (second :> FlowPart).Roots,
                (fun run ->
                    let one = first.Connect run
                    let other = second.Connect run
                    fun () -> one (), other ()),
                fun (needs, option, change) -> pair (first.Changed(needs, option, change)) (second.Changed(needs, option, change))
            )

        pair first second

    let run (pipeline: Pipeline<'R>) =
        let tokens, release = Graph.prepare (pipeline :> FlowPart).Roots
        let run = Run()

        try
            for token in tokens do
                run.Own(token.UnsafeRegister((fun _ -> run.Cancel token), null))

            let result = pipeline.Connect run
            run.Start()
            new RunningPipeline<'R>(run, result)
        with _ -> // a target that can't be opened: no source was started
            run.Abandon()
            release ()
            reraise ()

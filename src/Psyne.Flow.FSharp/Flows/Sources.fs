namespace Psyne.Flow.FSharp

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Psyne.Flow

/// Where pipelines begin.
module internal Sources =

    let private source kind allows singleUse isOurs (openBlock: StageOptions -> Run -> ISourceBlock<Lease<'T>>) : Flow<'T> =
        let info =
            { Info.make kind typeof<'T> with
                Shape = StageShape.Ends
                Allows = allows
                SingleUse = singleUse }

        Flow<'T>(
            Stage<Lease<'T>>(info, StageOptions.Default, fun options run ->
                SourcePort<Lease<'T>>(run, (fun () -> openBlock options run), isOurs))
        )

    let private openReader kind (reader: SlabReader<'T>) (options: StageOptions) (run: Run) : ISourceBlock<Lease<'T>> =
        let block = reader.AsSourceBlock(options.ForBlock(kind, run.Token))
        run.Await block.Completion
        block

    /// The key is the read end, so that two flows over one end are found out.
    let ofReader kind (reader: unit -> SlabReader<'T>) =
        source kind Allows.Capacity (ValueSome(fun () -> reader () :> obj)) true (fun options run -> openReader kind (reader ()) options run)

    let ofBlock (block: ISourceBlock<Lease<'T>>) =
        source "ofBlock" Allows.Nothing (ValueSome(fun () -> block :> obj)) false (fun _ _ -> block)

    /// Messages that a task writes into a channel of the stage's own, which ends with the task's fault.
    let private pumped kind (pump: SlabWriter<'T> -> CancellationToken -> Task<unit>) : Flow<'T> =
        source kind Allows.Queue ValueNone true (fun options run ->
            let channel = SlabChannel.CreateSpsc<'T>(options.ChannelOptions(sizeof<'T>, kind))
            run.Own channel

            let pumping () =
                task {
                    try
                        do! pump channel.Writer run.SourceToken
                        channel.Complete() |> ignore
                    with
                    | :? OperationCanceledException when run.SourceToken.IsCancellationRequested -> channel.Complete() |> ignore
                    | fault -> channel.Complete fault |> ignore
                }

            run.Await(Task.Run<unit>(Func<Task<unit>> pumping))
            openReader kind channel.Reader options run)

    /// Publishes until the channel is full: true, with the message that had no room in the enumerator, or false at the end.
    let private pushWhileRoom (values: IEnumerator<'T>) (writer: SlabWriter<'T>) (token: CancellationToken) =
        let mutable full = false
        let mutable more = true

        while more && not full do
            token.ThrowIfCancellationRequested()

            if values.MoveNext() then
                full <- not (Writing.tryPublish writer values.Current)
            else
                more <- false

        full

    let ofSeq (values: seq<'T>) =
        pumped "ofSeq" (fun writer token ->
            task {
                use values = values.GetEnumerator()
                let mutable full = pushWhileRoom values writer token

                while full do
                    let! _ = writer.WaitToClaimAsync token

                    if Writing.tryPublish writer values.Current then
                        full <- pushWhileRoom values writer token
            })

    let ofAsyncSeq (values: IAsyncEnumerable<'T>) =
        pumped "ofAsyncSeq" (fun writer token ->
            task {
                use values = values.GetAsyncEnumerator token

                while! values.MoveNextAsync() do
                    while not (Writing.tryPublish writer values.Current) do
                        let! _ = writer.WaitToClaimAsync token
                        ()
            })

namespace Psyne.Flow.FSharp

open System
open System.Threading
open System.Threading.Tasks
open Psyne.Flow

[<RequireQualifiedAccess>]
module Reader =

    // By address: a pair of the answer and the lease would be an object where the compiler doesn't optimize.
    let tryTake (reader: SlabReader<'T>) =
        let mutable lease = Unchecked.defaultof<Lease<'T>>
        if reader.TryTake &lease then ValueSome lease else ValueNone

    let take (reader: SlabReader<'T>) = reader.Take()

    let takeWithin (timeout: TimeSpan) (reader: SlabReader<'T>) =
        let mutable lease = Unchecked.defaultof<Lease<'T>>

        match reader.TryTake(timeout, &lease) with
        | TakeStatus.Taken -> Ok lease
        | TakeStatus.Empty -> Error NotRead.Empty
        | _ -> Error NotRead.Closed

    let private copyOut (lease: Lease<'T>) =
        use lease = lease
        lease.Value

    let tryRead reader = tryTake reader |> ValueOption.map copyOut

    let read reader = take reader |> copyOut

    let readWithin timeout reader = takeWithin timeout reader |> Result.map copyOut

    let useMessage (read: MessageReader<'T, 'Result>) (reader: SlabReader<'T>) =
        use lease = reader.Take()
        read.Invoke &lease.Value

    let foldWith (folder: MessageFolder<'State, 'T>) (state: 'State) (reader: SlabReader<'T>) =
        let mutable state = state

        while reader.WaitToTake Timeout.InfiniteTimeSpan do
            let mutable more = true

            while more do
                match tryTake reader with
                | ValueSome lease ->
                    use lease = lease
                    state <- folder.Invoke(state, &lease.Value)
                | ValueNone -> more <- false

        state

    let fold (folder: 'State -> 'T -> 'State) state reader =
        foldWith (MessageFolder(fun state message -> folder state message)) state reader

    let iterWith (handle: MessageHandler<'T>) reader =
        foldWith (MessageFolder(fun () message -> handle.Invoke &message)) () reader

    let iter (action: 'T -> unit) reader =
        foldWith (MessageFolder(fun () message -> action message)) () reader

    let iterTask (cancellationToken: CancellationToken) (action: Lease<'T> -> Task<unit>) (reader: SlabReader<'T>) =
        task {
            while! reader.WaitToTakeAsync cancellationToken do
                let mutable more = true

                while more do
                    match tryTake reader with
                    | ValueSome lease ->
                        use lease = lease
                        do! action lease
                    | ValueNone -> more <- false
        }

    let takeAll (reader: SlabReader<'T>) = reader.TakeAll()

    let readAll (reader: SlabReader<'T>) = reader.ReadAllAsync()

    let listen (handle: MessageHandler<'T>) (reader: SlabReader<'T>) = reader.Listen handle

    let listenOn (options: ListenerOptions) (handle: MessageHandler<'T>) (reader: SlabReader<'T>) =
        reader.Listen(handle, options)

/// Channels and blocks as observables, and channels as observers, as F# sees them without the F# face.
module Psyne.Flow.FSharp.Tests.CoreFromFSharp.ObservablesTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Psyne.Flow

/// Runs a function for each message; the task ends with the source.
let private observer (next: 'T -> unit) =
    let ended = TaskCompletionSource()

    let calls =
        { new IObserver<'T> with
            member _.OnNext value = next value
            member _.OnError error = ended.SetException error
            member _.OnCompleted() = ended.SetResult() }

    calls, ended.Task

[<Tests>]
let tests =
    testList "CoreFromFSharp.Observables" [
        testTask "ReadEnd_IsObservedInThreeForms" {
            use channel = SlabChannel.CreateSpsc<int>()
            let sums = Array.zeroCreate<int> 3
            let add form value = sums[form] <- sums[form] + value
            let values, valuesEnd = observer (add 0)
            let loans, loansEnd = observer (fun (lease: Lease<int>) -> add 1 lease.Value)

            let owners, ownersEnd =
                observer (fun (lease: Lease<int>) ->
                    use lease = lease
                    add 2 lease.Value)

            let options = RetainedOptions(ByteBudget = 4096L, ReturnTimeout = Timeout.InfiniteTimeSpan)
            Expect.equal (options.ByteBudget, options.ReturnTimeout) (4096L, Timeout.InfiniteTimeSpan) "options"
            use _ = channel.Reader.AsObservable().Subscribe values
            use _ = channel.Reader.AsLeaseObservable().Subscribe loans
            use _ = channel.Reader.AsRetainedObservable(options).Subscribe owners

            for number in 1..3 do
                let value = number
                channel.Writer.Publish &value

            channel.Complete() |> ignore
            do! Task.WhenAll [ valuesEnd; loansEnd; ownersEnd ]
            Expect.equal (List.ofArray sums) [ 6; 6; 6 ] "sums"
        }

        testTask "Block_IsObservedInThreeForms" {
            use channel = SlabChannel.CreateSpsc<int>()
            let block = channel.Reader.AsSourceBlock()
            let mutable seen = 0
            let count () = Interlocked.Increment &seen |> ignore
            let values, valuesEnd = observer (fun (_: int) -> count ())
            let loans, loansEnd = observer (fun (_: Lease<int>) -> count ())

            let owners, ownersEnd =
                observer (fun (lease: Lease<int>) ->
                    lease.Dispose()
                    count ())

            use _ = SlabBlockObservables.AsObservable(block).Subscribe values
            use _ = SlabBlockObservables.AsLeaseObservable(block).Subscribe loans
            use _ = SlabBlockObservables.AsRetainedObservable(block).Subscribe owners
            let value = 7
            channel.Writer.Publish &value
            channel.Complete() |> ignore
            do! Task.WhenAll [ valuesEnd; loansEnd; ownersEnd ]
            Expect.equal seen 3 "seen"
        }

        testTask "Observer_ThatThrows_IsReported" {
            use channel = SlabChannel.CreateSpsc<int>()
            let observable = channel.Reader.AsObservable()
            let failed = TaskCompletionSource<string>()
            let handler = EventHandler<ObserverFailedEventArgs>(fun _ args -> failed.SetResult args.Exception.Message)
            observable.add_ObserverFailed handler
            let bad, _ = observer (fun (_: int) -> failwith "no")
            use _ = observable.Subscribe bad
            let value = 1
            channel.Writer.Publish &value
            let! text = failed.Task
            observable.remove_ObserverFailed handler
            Expect.equal text "no" "reported"
        }

        testTask "Writers_Observe" {
            use source = SlabChannel.CreateSpsc<int>()
            use copies = SlabChannel.CreateSpsc<int>()
            use leases = SlabChannel.CreateSpsc<int>()
            use _ = source.Reader.AsObservable().Subscribe(copies.Writer.AsObserver())
            use _ = source.Reader.AsLeaseObservable().Subscribe(leases.Writer.AsLeaseObserver())
            let value = 7
            source.Writer.Publish &value
            source.Complete() |> ignore

            for target in [ copies; leases ] do
                use lease = target.Reader.Take()
                Expect.equal lease.Value 7 "value"
        }
    ]

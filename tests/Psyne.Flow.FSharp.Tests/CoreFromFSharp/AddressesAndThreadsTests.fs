/// Channel URIs, worker pools and selectors, as F# sees them without the F# face.
module Psyne.Flow.FSharp.Tests.CoreFromFSharp.AddressesAndThreadsTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Psyne.Flow

[<Tests>]
let tests =
    testList "CoreFromFSharp.AddressesAndThreads" [
        testCase "ChannelUri_IsRead" (fun () ->
            let uri = ChannelUri.Parse "shm://job/x?mode=mpsc&capacity=4096&slab=1MiB&wait=5ms&pin=true"
            let parsed, again = ChannelUri.TryParse(string uri)
            Expect.isTrue (parsed && uri.Equals again) "TryParse"
            Expect.equal (uri.Scheme, uri.Name, uri.Options.Count) ("shm", "job/x", 5) "parts"
            Expect.equal (uri.GetString "mode", uri.GetEnum<ChannelMode> "mode") ("mpsc", Nullable ChannelMode.Mpsc) "mode"
            Expect.equal (uri.GetCapacity(), uri.GetBytes "slab") (Nullable 4096, Nullable 1048576L) "sizes"
            Expect.equal (uri.GetTimeSpan "wait", uri.GetBool "pin") (Nullable(TimeSpan.FromMilliseconds 5.0), Nullable true) "more"
            Expect.throwsT<ChannelUriException> (fun () -> uri.ThrowIfUnknown(ReadOnlySpan [| "mode" |])) "ThrowIfUnknown")

        testTask "WorkerPool_RunsItems" {
            let options = WorkerPoolOptions(Name = "fs", Workers = 1, Cores = [| 0 |])
            Expect.equal (options.Name, options.Workers, options.Cores.Count) ("fs", 1, 1) "options"
            let pool = new WorkerPool(options)
            let failed = TaskCompletionSource<string>()
            let handler = EventHandler<WorkItemFailedEventArgs>(fun _ args -> failed.SetResult $"{args.Item.GetType().Name.Length > 0} {args.Exception.Message}")
            pool.add_WorkItemFailed handler
            pool.Queue { new IThreadPoolWorkItem with member _.Execute() = failwith "no" }
            let! text = failed.Task
            pool.remove_WorkItemFailed handler
            Expect.equal text "True no" "failed"
            do! Task.Factory.StartNew((fun () -> ()), CancellationToken.None, TaskCreationOptions.None, pool.Scheduler)
            Expect.equal (pool.Name, pool.Workers, pool.ItemsFailed) ("fs", 1, 1L) "pool"
            Expect.isTrue (pool.ItemsExecuted >= 2L && pool.ItemsStolen = 0L && pool.ItemsQueued = 0L) "counts"
            pool.AffinityApplied |> ignore
            do! pool.DisposeAsync().AsTask()
        }

        testTask "ChannelSelector_HandlesEveryKind" {
            use numbers = SlabChannel.CreateSpsc<int>()
            use frames = SlabChannel.CreateFrames ChannelMode.Spsc
            use tensors = SlabChannel.CreateSpsc<int>(ReadOnlySpan [| 1n |])
            let mutable handled = 0
            let count () = Interlocked.Increment &handled |> ignore
            let selector = new ChannelSelector(name = "fs", MaxMessagesPerTurn = 1)
            use number = selector.Add(numbers.Reader, MessageHandler<int>(fun _ -> count ()))
            use frame = selector.Add(frames.Reader, FrameHandler(fun _ -> count ()))
            use tensor = selector.Add(tensors.Reader, TensorHandler<int>(fun _ -> count ()))
            Expect.equal (selector.Count, selector.MaxMessagesPerTurn) (3, 1) "listening"
            let value = 1
            numbers.Writer.Publish &value
            frames.Writer.Publish "x"
            tensors.Writer.Claim().Publish()
            let channels: SlabChannel list = [ numbers; frames; tensors ]
            for channel in channels do
                channel.Complete() |> ignore
            do! Task.WhenAll [ number.Completion; frame.Completion; tensor.Completion ]
            Expect.equal handled 3 "handled"
            do! selector.DisposeAsync().AsTask()
        }
    ]

/// Dataflow blocks as F# sees them without the F# face.
module Psyne.Flow.FSharp.Tests.CoreFromFSharp.BlocksTests

open System
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Expecto
open Psyne.Flow

let private propagate = DataflowLinkOptions(PropagateCompletion = true)

/// A channel with the numbers 1 to 4 in it, as a source.
let private numbers (channel: SlabChannel<int>) =
    for number in 1..4 do
        let value = number
        channel.Writer.Publish &value

    channel.Complete() |> ignore
    channel.Reader.AsSourceBlock()

/// A block that adds up what it gets.
let private adder () =
    let sum = ref 0
    sum, SlabActionBlock<int>(MessageHandler(fun number -> sum.Value <- sum.Value + number))

let private receive (source: SlabSourceBlock<'M>) =
    let message = source.Receive(TimeSpan.FromSeconds 30.0)
    message

/// A block of one's own in F#: even numbers go on as they are, and at the end the sum of all.
type private EvensAndSum(options: SlabBlockOptions) =
    inherit SlabCustomBlock<int, int>(options)
    let mutable sum = 0
    let dropped = TaskCompletionSource()

    override _.Process(input, output) =
        while input.Count > 0 && output.Room > 1 do
            let number = input[0]
            sum <- sum + number

            if number % 2 = 0 then output.Move &input
            else input.Take 1

    override block.Flush output =
        let slot = &output.Add()
        slot <- sum
        base.Flush &output

    override _.Drop() =
        base.Drop()
        dropped.SetResult()

    member _.Dropped = dropped.Task

    member block.WakeAndEnd() =
        block.Wake()
        block.EndIntake()

/// A block of one's own that repeats each number.
type private Twice() =
    inherit SlabCustomBlock<int, int>()

    override _.Process(input, output) =
        while input.Count > 0 && output.Room > 1 do
            let number = input[0]
            output.Add &number
            output.Add &number
            input.Take 1

[<Tests>]
let tests =
    testList "CoreFromFSharp.Blocks" [
        testTask "Transforms_AreLinked" {
            use channel = SlabChannel.CreateSpsc<int>()
            let options = SlabBlockOptions(BoundedBytes = 4096L, SizeFactor = 0, OnError = BlockErrorPolicy.Fault)
            Expect.equal (options.BoundedBytes, options.SizeFactor, options.OnError) (4096L, 0, BlockErrorPolicy.Fault) "options"
            let twice = SlabTransformBlock<int, int>(SlabTransform(fun input output -> output <- 2 * input), options)
            let plus = SlabTransformBlock<int>(SlabMutation(fun number -> number <- number + 1), options)

            let halves =
                SlabTransformManyBlock<int, int>(
                    SlabExpansion(fun input index output ->
                        output <- input + index
                        index < 2),
                    options
                )

            let later =
                SlabTransformBlock<int, int>.CreateAsync(fun input output ->
                    output.Value <- input.Value
                    ValueTask())

            let sum, store = adder ()
            let source = numbers channel
            use _ = source.LinkTo(twice, propagate)
            use _ = twice.LinkTo(plus, propagate)
            use _ = plus.LinkTo(halves, propagate)
            use _ = halves.LinkTo(later, propagate)
            use _ = later.LinkTo(store, propagate)
            do! store.Completion
            // 3 5 7 9, each as itself and one more
            Expect.equal sum.Value 52 "sum"
            Expect.equal (twice.InputCount, plus.InputCount, halves.InputCount, store.InputCount) (0, 0, 0, 0) "inputs"
            Expect.equal (twice.Errors, plus.Errors, halves.Errors, store.Errors) (0L, 0L, 0L, 0L) "errors"
            Expect.equal later.OutputCount 0 "outputs"
            let counts = [ source.Statistics.Sent; store.Statistics.Received; (twice :> SlabBlock).Statistics.Received ]
            Expect.equal counts [ 4L; 8L; 4L ] "messages"
            let counts = halves.Statistics
            Expect.equal (counts.Received, counts.Sent, counts.InputCount, counts.OutputCount) (4L, 8L, 0, 0) "statistics"
            Expect.isTrue (counts.Waits >= 0L && counts.AllocatedBytes >= 0L) "what it cost"
        }

        testTask "Buffer_IsReceivedFrom" {
            use channel = SlabChannel.CreateSpsc<int>()
            let buffer = SlabBufferBlock<int>(DataflowBlockOptions())
            let discard = Discard<Lease<int>>()
            let source = numbers channel
            source.Unmatched <- discard
            Expect.isTrue (obj.ReferenceEquals(source.Unmatched, discard)) "unmatched"
            use _ = source.LinkTo(buffer, propagate, Predicate(fun (lease: Lease<int>) -> lease.Value > 1))
            do! source.Completion
            Expect.equal discard.Count 1L "discarded"
            discard.Complete()
            do! discard.Completion
            Expect.equal buffer.Count 3 "count"
            let ok, two = buffer.TryReceive()
            Expect.isTrue (ok && two.Value = 2) "two"
            two.Dispose()
            let ok, three = buffer.TryReceive(Predicate(fun (lease: Lease<int>) -> lease.Value = 3))
            Expect.isTrue ok "three"
            three.Dispose()
            let ok, rest = buffer.TryReceiveAll()
            Expect.isTrue ok "rest"

            for lease in nonNull rest do
                lease.Dispose()

            do! buffer.Completion
        }

        testTask "Errors_BecomeDeadLetters" {
            let letters = BufferBlock<DeadLetter<int>>()
            let fail () = raise (FormatException "on purpose")
            let policy = BlockErrorPolicy.DeadLetter.After(1, TimeSpan.Zero)
            let options = SlabBlockOptions(OnError = policy)

            let action =
                SlabActionBlock<int>.CreateAsync((fun _ -> fail ()), options)

            let transform = SlabTransformBlock<int, int>(SlabTransform(fun _ _ -> fail ()), options)
            let inPlace = SlabTransformBlock<int>(SlabMutation(fun _ -> fail ()), options)
            let many = SlabTransformManyBlock<int, int>(SlabExpansion(fun _ _ _ -> fail ()), options)
            action.DeadLetters <- letters
            transform.DeadLetters <- letters
            inPlace.DeadLetters <- letters
            many.DeadLetters <- letters

            for target in [ action.DeadLetters; transform.DeadLetters; inPlace.DeadLetters; many.DeadLetters ] do
                Expect.isTrue (obj.ReferenceEquals(target, letters)) "target"

            use channel = SlabChannel.CreateSpsc<int>()
            let broadcast = SlabBroadcastBlock<int>(DataflowBlockOptions())
            use _ = broadcast.LinkTo(action, propagate)
            use _ = broadcast.LinkTo(transform, propagate)
            use _ = broadcast.LinkTo(inPlace, propagate)
            use _ = broadcast.LinkTo(many, propagate, Predicate(fun _ -> true))
            let source = numbers channel
            use _ = source.LinkTo(broadcast, propagate)

            for _ in 1..16 do
                let! (letter: DeadLetter<int>) = letters.ReceiveAsync()
                Expect.isTrue (letter.Error :? FormatException) "error"
                use copy = new DeadLetter<int>(letter.Message, letter.Error)
                Expect.isTrue (copy.Message.IsHeld) "message"

            do! broadcast.Completion
            do! action.Completion
            Expect.equal broadcast.InputCount 0 "input"
            let received = broadcast.Statistics.Received
            Expect.equal received 4L "received"
            Expect.equal (action.Errors, BlockErrorPolicy.Skip.ToString()) (4L, "Skip") "errors"
            let empty = new DeadLetter<int>(new Lease<int>(), FormatException())
            Expect.isFalse empty.Message.IsHeld "empty letter"
        }

        testTask "Groups_AreMadeAndTakenApart" {
            use channel = SlabChannel.CreateSpsc<int>()
            let options = SlabBatchOptions(MaxBytes = 8L, MaxDelay = Timeout.InfiniteTimeSpan, TimeProvider = TimeProvider.System)
            Expect.equal (options.MaxBytes, options.MaxDelay, options.TimeProvider) (8L, Timeout.InfiniteTimeSpan, TimeProvider.System) "options"
            let batches = SlabBatchBlock<int>(10, options)
            Expect.equal batches.BatchSize 10 "size"
            let source = numbers channel
            use _ = source.LinkTo(batches, propagate)
            let batch = receive batches
            batches.TriggerBatch()
            Expect.equal (batch.IsHeld, batch.Count, batch[1]) (true, 2, 2) "batch"
            use first = batch.Retain 0
            batch.Dispose()
            Expect.equal first.Value 1 "retained"
            use rest = receive batches
            Expect.equal rest.Count 2 "rest"

            let join = SlabJoinBlock<int, int>(GroupingDataflowBlockOptions())
            use left = SlabChannel.CreateSpsc<int>()
            use right = SlabChannel.CreateSpsc<int>()
            use _ = (numbers left).LinkTo(join.Target1, propagate)
            use _ = (numbers right).LinkTo(join.Target2, propagate)
            let pair: LeasePair<int, int> = receive join
            use copy = new LeasePair<int, int>(pair.RetainFirst(), pair.RetainSecond())
            Expect.equal (copy.First, copy.Second) (1, 1) "pair"
            Expect.equal (pair.ToString()) "Pair of Int32 and Int32" "name"
            pair.Dispose()
            Expect.isFalse pair.IsHeld "disposed pair"
            Expect.isTrue (join.Statistics.Sent >= 1L) "pairs"
            join.Complete()

            let merge = SlabMergeBlock<int>(2, DataflowBlockOptions())
            merge.Complete()
            Expect.equal (merge.OpenSources, merge.Count) (1, 0) "merge"
        }

        testTask "JoinOfThree_BringsThreeTogether" {
            let join = SlabJoinBlock<int, int, int>(GroupingDataflowBlockOptions())

            for target, number in [ join.Target1, 1; join.Target2, 2; join.Target3, 3 ] do
                Expect.isTrue (target.Post &number) "posted"

            let triple: LeaseTriple<int, int, int> = receive join
            use first = triple.RetainFirst()
            use second = triple.RetainSecond()
            use third = triple.RetainThird()
            use copy = new LeaseTriple<int, int, int>(first.Retain(), second.Retain(), third.Retain())
            Expect.equal (copy.First, copy.Second, copy.Third) (1, 2, 3) "triple"
            Expect.equal (copy.ToString()) "Triple of Int32, Int32 and Int32" "name"
            triple.Dispose()
            Expect.isFalse triple.IsHeld "disposed triple"
            Expect.equal join.Statistics.Sent 1L "triples"
            join.Complete()
            do! join.Completion
        }

        testTask "OwnBlocks_AreLinked" {
            let own = EvensAndSum(SlabBlockOptions(BoundedCapacity = 16))
            let twice = Twice()
            let sum, store = adder ()
            use _ = own.LinkTo(twice, propagate)
            use _ = twice.LinkTo(store, propagate)

            for number in 1..4 do
                let value = number
                Expect.isTrue (own.Post &value) "posted"

            own.WakeAndEnd()
            do! store.Completion
            Expect.equal sum.Value 32 "2 and 4 and the sum of all, twice"
            Expect.equal own.InputCount 0 "input"
            let faulted = EvensAndSum(SlabBlockOptions())
            (faulted :> IDataflowBlock).Fault(FormatException())
            do! faulted.Dropped
        }

        testTask "Blocks_AreCompleted" {
            let all: SlabBlock list =
                [ SlabBufferBlock<int>(null)
                  SlabBroadcastBlock<int>(null)
                  SlabJoinBlock<int, int>(null)
                  SlabMergeBlock<int>(1, null)
                  SlabBatchBlock<int>(1, null) ]

            for block in all do
                block.Complete()

            let action = SlabActionBlock<int>(MessageHandler(fun _ -> ()))
            action.Complete()
            let broadcast = SlabBroadcastBlock<int>(null)
            broadcast.Complete()
            let buffer = SlabBufferBlock<int>(null)
            buffer.Complete()

            for block in action :> SlabBlock :: broadcast :: buffer :: all do
                do! block.Completion
        }
    ]

/// What tests of flows share.
module Psyne.Flow.FSharp.Tests.Flows.FlowCommon

open System
open System.IO
open System.Threading.Tasks
open Expecto
open Psyne.Flow
open Psyne.Flow.FSharp

/// Runs a pipeline to its end.
let finish (pipeline: Pipeline<'R>) = pipeline |> Flow.run |> Flow.wait

/// The messages of a flow, oldest first.
let listOf (flow: Flow<'T>) : 'T list =
    flow |> Flow.fold (fun messages message -> message :: messages) [] |> finish |> List.rev

/// The batches of a flow as lists, oldest first.
let listsOf (batches: BatchFlow<'T>) : 'T list list =
    batches
    |> Batches.fold (fun lists batch -> List.ofArray (Batches.toArray batch) :: lists) []
    |> finish
    |> List.rev

/// What a run raises, or nothing.
let faultOf (running: RunningPipeline<'R>) : Task<exn option> =
    task {
        try
            let! _ = running.Completion
            return None
        with fault ->
            return Some fault
    }

/// A channel with these messages in it, and no more to come.
let channelOf (messages: 'T list) : SlabChannel<'T> =
    let channel = Channel.defaults |> Channel.withCapacity (max 1 messages.Length) |> Channel.spsc<'T>

    for message in messages do
        channel |> Channel.write message

    Channel.complete channel
    channel

/// A message too large to travel by value.
[<Struct>]
type Large =
    { mutable Id: int64
      mutable A: Guid
      mutable B: Guid
      mutable C: Guid
      mutable D: Guid }

let large id =
    { Id = int64 id
      A = Guid.Empty
      B = Guid.Empty
      C = Guid.Empty
      D = Guid.Empty }

/// The numbers that most tests send.
let ten = [ 1..10 ]

let numbers () = Flow.ofSeq ten

/// What a function raises.
let raised<'e when 'e :> exn> (code: unit -> unit) : 'e =
    try
        code ()
        failtestf "%s was expected, and nothing was raised" typeof<'e>.Name
    with
    | :? 'e as expected -> expected

/// Raises for one message.
let failAt (bad: int) number =
    if number = bad then
        raise (InvalidDataException $"message {bad}")

    number

/// Values, and then a fault.
let halfway =
    seq {
        yield! ten
        raise (InvalidDataException "half-way")
    }

/// Numbers without end.
let endless () =
    seq {
        let mutable next = 0

        while true do
            yield next
            next <- next + 1
    }

/// Live channels, blocks' slabs among them, of messages of a type that one test alone has.
let channelsOf<'T> () =
    [ for channel in Psyne.Flow.Diagnostics.ChannelRegistry.List() do
          if channel.Message.Contains typeof<'T>.Name then
              channel ]

/// The leases that are held of such messages.
let leasesOf<'T> () = channelsOf<'T> () |> List.sumBy _.HeldLeases

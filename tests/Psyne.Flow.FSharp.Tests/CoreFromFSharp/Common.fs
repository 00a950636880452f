/// What the tests of Core from F# share.
module Psyne.Flow.FSharp.Tests.CoreFromFSharp.Common

open System
open System.Collections.Generic
open Psyne.Flow

let within = TimeSpan.FromMilliseconds 1.0
let fullModes mode = SlabChannelOptions(Capacity = 1, FullMode = mode)

/// What stands in an async stream, by what is made of each lease.
let drain (leases: IAsyncEnumerable<'L>) (useLease: 'L -> 'R) =
    task {
        let results = ResizeArray()
        let enumerator = leases.GetAsyncEnumerator()

        while! enumerator.MoveNextAsync() do
            results.Add(useLease enumerator.Current)

        do! enumerator.DisposeAsync()
        return List.ofSeq results
    }

module Psyne.Flow.FSharp.Tests.RunnerTests

open System
open System.Threading.Tasks
open Expecto

/// The runner itself, Expecto or its stand-in: a failing expectation must fail, and every kind of test must be run.
let private fails (code: unit -> unit) =
    try
        code ()
        false
    with _ ->
        true

[<Tests>]
let tests =
    testList "Runner" [
        testCase "Expect_IsNotMet_Throws" (fun () ->
            Expect.isTrue (fails (fun () -> Expect.equal 1 2 "")) "equal"
            Expect.isTrue (fails (fun () -> Expect.notEqual 1 1 "")) "notEqual"
            Expect.isTrue (fails (fun () -> Expect.sequenceEqual [ 1 ] [ 1; 2 ] "")) "sequenceEqual"
            Expect.isTrue (fails (fun () -> Expect.isTrue false "")) "isTrue"
            Expect.isTrue (fails (fun () -> Expect.isFalse true "")) "isFalse"
            Expect.isTrue (fails (fun () -> Expect.throwsT<ArgumentException> ignore "")) "throwsT"
            Expect.isTrue (fails (fun () -> failtestf "%d" 1)) "failtestf")

        testCase "Expect_IsMet_Returns" (fun () ->
            Expect.equal [ 1 ] [ 1 ] "equal"
            Expect.notEqual 1 2 "notEqual"
            Expect.throwsT<ArgumentException> (fun () -> invalidArg "name" "why") "throwsT")

        testTask "Task_AwaitsAndLoops_InOrder" {
            let seen = ResizeArray()

            for item in [ 1; 2; 3 ] do
                do! Task.Delay 1
                let! doubled = Task.Run(fun () -> 2 * item)
                seen.Add doubled

            Expect.sequenceEqual seen [ 2; 4; 6 ] "the awaited values"
        }

        testProperty "Property_IsTriedWithManyValues" (fun (values: int list) -> List.rev (List.rev values) = values)

        testCase "Property_DoesNotHold_Throws" (fun () ->
            let wrong (value: int) = value = 0
            Expect.isTrue (fails (fun () -> FsCheck.Check.One(FsCheck.Config.QuickThrowOnFailure, wrong))) "a wrong property")
    ]

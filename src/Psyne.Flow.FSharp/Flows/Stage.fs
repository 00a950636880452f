namespace Psyne.Flow.FSharp

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks.Dataflow
open Psyne.Flow

/// How a stage is drawn.
[<RequireQualifiedAccess>]
type internal StageShape =
    | Ends
    | Works
    | Forks

/// One of several ways out of a stage. Each has to be used once in a run.
type internal Branch = { Index: int; Count: int; Label: string }

/// What is known of a stage without running it.
type internal StageInfo =
    { Kind: string
      Detail: string
      Shape: StageShape
      Element: Type
      Consumes: Type
      Allows: Allows
      LeastCapacity: int
      Inputs: Stage list
      Branch: Branch voption
      SingleUse: (unit -> obj) voption }

/// A part of a pipeline's description. Immutable.
and [<AbstractClass>] internal Stage(info: StageInfo, options: StageOptions) =
    member _.Info = info
    member _.Options = options
    member _.Title = if options.Name = "" then info.Kind else options.Name

    /// How many messages it holds at the most.
    member _.Bound = options.BoundFor info.LeastCapacity

    member stage.Refuse(option: string) : unit =
        raise (FlowException(stage.Title, $"{option} means nothing to the stage '{stage.Title}' ({info.Kind})."))

    /// The options with a change, if it means something to the stage.
    member stage.Changed(needs: Allows, option: string, change: StageOptions -> StageOptions) =
        if needs &&& info.Allows <> needs then
            stage.Refuse option

        let changed = change options

        if changed.Capacity.IsSome && changed.Bound < info.LeastCapacity then
            raise (
                ArgumentOutOfRangeException(
                    "messages", changed.Bound,
                    $"A bound of {changed.Bound} messages is below the {info.LeastCapacity} that the stage '{stage.Title}' ({info.Kind}) puts together."
                )
            )

        changed

/// Where messages come out of a stage that was built.
[<AbstractClass>]
type internal Port<'M>() =
    /// Has the messages go to a target, and then the end.
    abstract Link: target: ITargetBlock<'M> -> unit

    /// Nobody takes messages any more: what still comes is disposed.
    abstract Discard: unit -> unit

    /// The block, where it is one of ours that messages are received from.
    abstract Block: IReceivableSourceBlock<'M>
    default port.Block = invalidOp $"{port.GetType().Name} is only linked."

[<AutoOpen>]
module internal Links =
    let propagate = DataflowLinkOptions(PropagateCompletion = true)
    let alone = DataflowLinkOptions()

/// The way out of a block of ours.
[<Sealed>]
type internal BlockPort<'M>(block: IReceivableSourceBlock<'M>) =
    inherit Port<'M>()
    override _.Block = block
    override _.Link target = block.LinkTo(target, propagate) |> ignore
    override _.Discard() = block.LinkTo(Discard<'M>(), alone) |> ignore

/// One of a broadcast's ways out: when its target ends, the broadcast forgets it.
[<Sealed>]
type internal BranchPort<'M>(link: ITargetBlock<'M> -> unit) =
    inherit Port<'M>()
    override _.Link target = link target
    override _.Discard() = ()

/// The way out of a source, which is opened when all is linked. Its fault comes after its last message; it is noted for
/// the end of the run, and the stages behind it complete: so they handle what came before.
[<Sealed>]
type internal SourcePort<'M>(run: Run, openBlock: unit -> ISourceBlock<'M>, isOurs: bool) =
    inherit Port<'M>()
    let mutable block: ISourceBlock<'M> | null = null

    override _.Link target =
        run.OnStart(fun () ->
            let opened = openBlock ()
            run.Show opened
            block <- opened
            let link = opened.LinkTo(target, alone)
            run.Own link

            opened.Completion.ContinueWith(fun (ended: Tasks.Task) ->
                match ended.Exception with
                | null -> ()
                | fault -> run.Note fault

                target.Complete())
            |> ignore

            let windDown () =
                if isOurs then
                    opened.Complete()
                else
                    link.Dispose()
                    target.Complete()

            run.Own(run.SourceToken.UnsafeRegister((fun _ -> windDown ()), null)))

    override _.Discard() =
        match block with
        | null -> ()
        | opened ->
            if not run.IsStopped then
                opened.LinkTo(Discard<'M>(), alone) |> run.Own

/// A stage that messages come out of.
[<Sealed>]
type internal Stage<'M>(info: StageInfo, options: StageOptions, connect: StageOptions -> Run -> Port<'M>) =
    inherit Stage(info, options)
    member _.Connect run = connect options run
    member _.With options = Stage<'M>(info, options, connect)

/// A stage that messages end in. Connecting it gives what tells the result, once the run has ended well.
[<Sealed>]
type internal EndStage<'Result>(info: StageInfo, options: StageOptions, connect: StageOptions -> Run -> unit -> 'Result) =
    inherit Stage(info, options)
    member _.Connect run = connect options run
    member _.With options = EndStage<'Result>(info, options, connect)

[<RequireQualifiedAccess>]
module internal Info =
    let make kind (element: Type) =
        { Kind = kind
          Detail = ""
          Shape = StageShape.Works
          Element = element
          Consumes = element
          Allows = Allows.Nothing
          LeastCapacity = 0
          Inputs = []
          Branch = ValueNone
          SingleUse = ValueNone }

/// What has to hold before a pipeline is run.
module internal Graph =

    /// Every use of every stage, inputs first. A stage with branches comes once, another once for each use.
    let stages (roots: Stage list) =
        let shared = HashSet<Stage>(HashIdentity.Reference)

        let rec visit (stage: Stage) : Stage list =
            [ for input in stage.Info.Inputs do
                  if stage.Info.Branch.IsNone || shared.Add input then
                      yield! visit input
              stage ]

        roots |> List.collect visit

    let private checkBranches (stages: Stage list) =
        let branches =
            stages
            |> List.choose (fun stage ->
                match stage.Info.Branch with
                | ValueSome branch -> Some(stage.Info.Inputs.Head, branch)
                | ValueNone -> None)

        for parent, uses in branches |> List.groupBy fst |> List.distinctBy fst do
            let first = snd uses.Head

            for index in 0 .. first.Count - 1 do
                let count = uses |> List.filter (fun (_, branch) -> branch.Index = index) |> List.length

                if count <> 1 then
                    let found = if count = 0 then "leads nowhere" else $"is used {count} times"

                    raise (
                        FlowException(
                            parent.Title,
                            $"Branch {index + 1} of {first.Count} of the stage '{parent.Title}' {found}; every branch has to be used once in the pipeline that is run."
                        )
                    )

    /// Claims the sources that can be read once: all of them, or none.
    let private claimSources (stages: Stage list) =
        let claimed = List<obj>()

        try
            for stage in stages do
                match stage.Info.SingleUse with
                | ValueSome key ->
                    let key = key ()

                    if not (SingleUse.tryClaim key) then
                        raise (
                            FlowException(
                                stage.Title,
                                $"The source '{stage.Title}' ({stage.Info.Kind}) was used before, or stands twice in the pipeline; what it gave is gone. It can be run once."
                            )
                        )

                    claimed.Add key
                | ValueNone -> ()
        with _ ->
            for key in claimed do
                SingleUse.release key

            reraise ()

        fun () ->
            for key in claimed do
                SingleUse.release key

    /// Checks, and claims the sources unless a token of the pipeline is cancelled. Gives the tokens, and what undoes the claims.
    let prepare (roots: Stage list) =
        let all = stages roots
        checkBranches all
        let tokens = all |> List.collect (fun stage -> stage.Options.Tokens) |> List.filter _.CanBeCanceled |> List.distinct

        if tokens |> List.exists _.IsCancellationRequested then
            tokens, ignore
        else
            tokens, claimSources all

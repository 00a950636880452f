namespace Expecto

#nowarn "1204" // the type that a task's body has for the compiler stands in the signature

open System

/// Expecto's testTask was compiled to dispose what is IAsyncDisposable only; this lets it use what is IDisposable.
[<AutoOpen>]
module TestTasks =

    type TestTaskBuilder with

        member inline _.Using(resource: 'Resource, [<InlineIfLambda>] body: 'Resource -> TaskCode<'TOverall, 'T>) : TaskCode<'TOverall, 'T> when 'Resource :> IDisposable =
            task.TryFinally(task.Delay(fun () -> body resource), (fun () -> resource.Dispose()))

namespace Psyne.Flow

open System.Runtime.CompilerServices

[<assembly: InternalsVisibleTo("Psyne.Flow.FSharp.Tests")>]
do ()

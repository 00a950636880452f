namespace Expecto

open FsCheck

[<AutoOpen>]
module Property =
    /// A test of a property: FsCheck makes its arguments up, and prints the seed of a failure, which replays it.
    let testProperty name (property: 'property) =
        testCase name (fun () -> Check.One(Config.QuickThrowOnFailure, property))

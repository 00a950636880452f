namespace Psyne.Flow.Samples.Digits;

/// <summary>Messages go from one stage to another.</summary>
/// <param name="From">The stage they leave.</param>
/// <param name="To">The stage they enter.</param>
/// <param name="Message">What they are.</param>
public sealed record StageLink(Stage From, Stage To, string Message);

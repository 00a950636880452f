namespace Psyne.Flow.Peers.Model;

/// <summary>One figure of one round, in the unit that the JSON line carries.</summary>
internal readonly record struct Measure(string Metric, double Value, string Unit);

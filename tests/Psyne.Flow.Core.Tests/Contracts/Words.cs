using System.Runtime.CompilerServices;

namespace Psyne.Flow.Tests.Contracts;

/// <summary>48 bytes: in the ring in every mode.</summary>
[InlineArray(6)]
public struct Words6 { private long _first; }

/// <summary>200 bytes: in the ring with one producer, pooled with several.</summary>
[InlineArray(25)]
public struct Words25 { private long _first; }

/// <summary>1,000 bytes: pooled in every mode.</summary>
[InlineArray(125)]
public struct Words125 { private long _first; }

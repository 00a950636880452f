namespace Psyne.Flow;

/// <summary>Makes any number of messages of one: called with 0, 1, 2 and so on until it returns false.</summary>
/// <param name="input">The message, where it lies.</param>
/// <param name="index">Which of its results is asked for.</param>
/// <param name="output">The slot of the result, on the slab.</param>
/// <returns>Whether there is such a result; false ends the message, and <paramref name="output"/> is not used.</returns>
public delegate bool SlabExpansion<TIn, TOut>(in TIn input, int index, ref TOut output);

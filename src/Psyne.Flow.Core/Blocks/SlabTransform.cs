namespace Psyne.Flow;

/// <summary>Makes a message of another one.</summary>
/// <param name="input">The message, where it lies.</param>
/// <param name="output">The slot of the new message, on the slab. What it holds at first is whatever it held before.</param>
public delegate void SlabTransform<TIn, TOut>(in TIn input, ref TOut output);

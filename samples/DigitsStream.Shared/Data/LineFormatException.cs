namespace Psyne.Flow.Samples.Digits;

/// <summary>A line is not 64 pixels and a digit. The text names the line, the value and the bound.</summary>
public sealed class LineFormatException : FormatException
{
    public LineFormatException() { }

    public LineFormatException(string message) : base(message) { }

    public LineFormatException(string message, Exception? innerException) : base(message, innerException) { }

    /// <param name="line">Which line of the file, from 1.</param>
    /// <param name="field">Which of its numbers, from 1; 0 for the line as a whole.</param>
    /// <param name="reason">What is wrong with it, with the value and the bound.</param>
    public LineFormatException(int line, int field, string reason)
        : base(field == 0 ? $"line {line}: {reason}" : $"line {line}, field {field}: {reason}")
    {
        Line = line;
        Field = field;
    }

    public int Line { get; }

    public int Field { get; }
}

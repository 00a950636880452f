namespace Psyne.Flow.Samples.Digits;

/// <summary>A data file can't be read, or has nothing to work on. The text names the file, and the line where that is known.</summary>
public sealed class DigitFileException : Exception
{
    public DigitFileException() { }

    public DigitFileException(string message) : base(message) { }

    public DigitFileException(string message, Exception? innerException) : base(message, innerException) { }
}

using System.Runtime.CompilerServices;

/// <summary>One scanned digit, as it lies on the slab.</summary>
internal struct DigitImage
{
    public Pixels Pixels;
    public byte Label;
    public bool IsHeldOut; // for the test, not for training
}

/// <summary>8 by 8 pixels, row by row: 0 is blank, 16 is full ink.</summary>
[InlineArray(64)]
internal struct Pixels
{
    private byte _first;
}

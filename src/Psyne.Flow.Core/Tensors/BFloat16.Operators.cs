namespace Psyne.Flow;

/// <content>Arithmetic in float, rounded once; comparisons as IEEE 754 has them.</content>
public readonly partial struct BFloat16
{
    /// <inheritdoc/>
    public static BFloat16 operator +(BFloat16 left, BFloat16 right) => (BFloat16)((float)left + (float)right);

    /// <inheritdoc/>
    public static BFloat16 operator -(BFloat16 left, BFloat16 right) => (BFloat16)((float)left - (float)right);

    /// <inheritdoc/>
    public static BFloat16 operator *(BFloat16 left, BFloat16 right) => (BFloat16)((float)left * (float)right);

    /// <inheritdoc/>
    public static BFloat16 operator /(BFloat16 left, BFloat16 right) => (BFloat16)((float)left / (float)right);

    /// <inheritdoc/>
    public static BFloat16 operator %(BFloat16 left, BFloat16 right) => (BFloat16)((float)left % (float)right);

    /// <inheritdoc/>
    public static BFloat16 operator +(BFloat16 value) => value;

    /// <inheritdoc/>
    public static BFloat16 operator -(BFloat16 value) => new((ushort)(value._bits ^ SignMask));

    /// <inheritdoc/>
    public static BFloat16 operator ++(BFloat16 value) => value + One;

    /// <inheritdoc/>
    public static BFloat16 operator --(BFloat16 value) => value - One;

    /// <inheritdoc/>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == (float)right;

    /// <inheritdoc/>
    public static bool operator !=(BFloat16 left, BFloat16 right) => (float)left != (float)right;

    /// <inheritdoc/>
    public static bool operator <(BFloat16 left, BFloat16 right) => (float)left < (float)right;

    /// <inheritdoc/>
    public static bool operator >(BFloat16 left, BFloat16 right) => (float)left > (float)right;

    /// <inheritdoc/>
    public static bool operator <=(BFloat16 left, BFloat16 right) => (float)left <= (float)right;

    /// <inheritdoc/>
    public static bool operator >=(BFloat16 left, BFloat16 right) => (float)left >= (float)right;
}

using Psyne.Flow.Channels;
using Psyne.Flow.Waiting;

namespace Psyne.Flow;

/// <summary>The write end of a channel of tensors. Claims may overlap, travel between threads, and end in any order.</summary>
/// <example><code>
/// using (var claim = gradients.Writer.Claim())
/// {
///     Tensor.Multiply(input, 0.5f, claim.Tensor);
///     claim.Publish();
/// }
/// </code></example>
public sealed unsafe class TensorWriter<T> : SlabWriter where T : unmanaged
{
    internal TensorWriter(ChannelCore channel) : base(channel) { }

    /// <summary>Claims a slot for a tensor of the channel's shape, waiting for room as the channel's <see cref="FullMode"/> says.</summary>
    /// <exception cref="InvalidOperationException">The channel's tensors carry their own shapes: name one.</exception>
    /// <exception cref="SlabChannelClosedException">The channel is completed or disposed.</exception>
    /// <exception cref="ChannelFullException">The channel is full and its policy is <see cref="FullMode.Fail"/>.</exception>
    public TensorClaim<T> Claim(CancellationToken cancellationToken = default)
    {
        CheckFixed();
        return new TensorClaim<T>(ClaimOrThrow(travels: true, cancellationToken));
    }

    /// <summary>Claims a slot for a tensor of a shape of its own.</summary>
    /// <param name="shape">The dimensions; on a channel with a fixed shape, that shape.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The shape is not the channel's, or doesn't fit its slots.</exception>
    /// <exception cref="SlabChannelClosedException">The channel is completed or disposed.</exception>
    /// <exception cref="ChannelFullException">The channel is full and its policy is <see cref="FullMode.Fail"/>.</exception>
    public TensorClaim<T> Claim(ReadOnlySpan<nint> shape, CancellationToken cancellationToken = default)
    {
        Channel.Tensors!.CheckShape(shape);
        return Shaped(ClaimOrThrow(travels: true, cancellationToken), shape);
    }

    /// <summary>Claims a slot for a tensor of the channel's shape if there is room now. Doesn't block.</summary>
    /// <returns>False when the channel is full or closed.</returns>
    /// <exception cref="InvalidOperationException">The channel's tensors carry their own shapes: name one.</exception>
    public bool TryClaim(out TensorClaim<T> claim)
    {
        CheckFixed();
        var status = ClaimWithin(0, travels: true, out var slot, CancellationToken.None);
        claim = status == ClaimStatus.Claimed ? new TensorClaim<T>(slot) : default;
        return status == ClaimStatus.Claimed;
    }

    /// <summary>Claims a slot for a tensor of a shape of its own, waiting up to a timeout.</summary>
    /// <exception cref="ArgumentException">The shape is not the channel's, or doesn't fit its slots.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ClaimStatus TryClaim(ReadOnlySpan<nint> shape, TimeSpan timeout, out TensorClaim<T> claim, CancellationToken cancellationToken = default)
    {
        Channel.Tensors!.CheckShape(shape);
        var status = ClaimWithin(Waits.Milliseconds(timeout), travels: true, out var slot, cancellationToken);
        claim = status == ClaimStatus.Claimed ? Shaped(slot, shape) : default;
        return status;
    }

    /// <summary>Publishes a copy of a tensor of the channel's shape, waiting for room as <see cref="Claim(CancellationToken)"/> does. Allocates nothing.</summary>
    /// <param name="elements">All elements of the shape, row by row.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">There are more or fewer elements than the shape has.</exception>
    /// <inheritdoc cref="Claim(CancellationToken)" path="/exception"/>
    public void Publish(ReadOnlySpan<T> elements, CancellationToken cancellationToken = default)
    {
        CheckFixed();
        Channel.Tensors!.CheckElements(elements.Length, Channel.Tensors.FixedLengths);
        using var claim = Claim(cancellationToken);
        elements.CopyTo(claim.Span);
        claim.Publish();
    }

    /// <summary>Publishes a copy of a tensor of a shape of its own, waiting for room as <see cref="Claim(CancellationToken)"/> does. Allocates nothing.</summary>
    /// <param name="elements">All elements of the shape, row by row.</param>
    /// <param name="shape">The dimensions; on a channel with a fixed shape, that shape.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">There are more or fewer elements than the shape has, or the shape is not the channel's, or it doesn't fit its slots.</exception>
    /// <exception cref="SlabChannelClosedException">The channel is completed or disposed.</exception>
    /// <exception cref="ChannelFullException">The channel is full and its policy is <see cref="FullMode.Fail"/>.</exception>
    public void Publish(ReadOnlySpan<T> elements, ReadOnlySpan<nint> shape, CancellationToken cancellationToken = default)
    {
        Channel.Tensors!.CheckElements(elements.Length, shape);
        using var claim = Claim(shape, cancellationToken);
        elements.CopyTo(claim.Span);
        claim.Publish();
    }

    private TensorClaim<T> Shaped(SlotClaim slot, ReadOnlySpan<nint> shape)
    {
        if (Channel.Tensors!.HasHeader)
            Channel.Tensors.SetShape(slot.Value, shape);
        return new TensorClaim<T>(slot);
    }

    private void CheckFixed()
    {
        if (Channel.Tensors!.HasHeader)
            throw new InvalidOperationException($"The tensors of {Channel} carry their own shapes: claim with a shape.");
    }
}

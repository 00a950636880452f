using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.FSharp.Core;
using Psyne.Flow.FSharp;

namespace Psyne.Flow.Tests.FSharp;

/// <summary>The F# face as C# sees it: every function is called once, so that none becomes F#'s alone.</summary>
public sealed class FSharpFaceTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);

    private readonly List<SlabChannel> _channels = [];

    public void Dispose() => _channels.ForEach(channel => channel.Dispose());

    [Fact]
    public void EveryFunction_IsCalled()
    {
        var named = NamedByThisAssembly();
        var functions =
            from module in new[] { typeof(Channel), typeof(Reader), typeof(Psyne.Flow.FSharp.Flow), typeof(Batches) }
            from function in module.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where !function.Name.StartsWith('<') // a compiler's
            select $"{module.Name}.{function.Name}";

        Assert.Empty(functions.Except(named));
    }

    [Fact]
    public void Options_Chain()
    {
        var options = Channel.withCapacity(4, Channel.withName("c#", Channel.withIdle(IdleStrategy.Park, Channel.defaults)));
        options = Channel.withCapacityBytes(0, Channel.withReaders(2, Channel.withLanes(0, Channel.withSizeFactor(-1, options))));
        options = Channel.withBacking(SlabBacking.PinnedArray, Channel.withHugePages(Channel.withLatencySampling(1, options)));
        options = Channel.withFullMode(FullMode.Wait, Channel.dropOldest(Channel.dropNewest(Channel.failWhenFull(options))));

        Assert.Equal(new SlabChannelOptions
        {
            Capacity = 4, Name = "c#", Idle = IdleStrategy.Park, Readers = 2, Backing = SlabBacking.PinnedArray, HugePages = true, LatencySampling = 1,
        }, options);
        Assert.Equal(FullMode.Adaptive, Channel.adaptive(new AdaptivePolicy(), options).FullMode);
        Assert.True(Channel.trackLeases(options).TrackLeases);
        Assert.Equal(16, Channel.tensorDefaults.Capacity);
    }

    [Fact]
    public void Channels_OfEveryKind_AreMade()
    {
        using var spsc = Channel.spsc<int>(Channel.defaults);
        using var mpsc = Channel.mpsc<int>(Channel.defaults);
        using var spmc = Channel.spmc<int>(Channel.defaults);
        using var mpmc = Channel.mpmc<int>(Channel.defaults);
        using var broadcast = Channel.broadcast<int>(Channel.defaults);
        using var created = Channel.create<int>(ChannelMode.Mpmc, Channel.defaults);
        using var opened = Channel.openUri<int>("memory://from-csharp?mode=mpmc");
        using var frames = Channel.frames(ChannelMode.Spsc, 64, Channel.defaults);
        using var tensors = Channel.tensors<float>(ChannelMode.Spsc, Microsoft.FSharp.Collections.ListModule.OfSeq([2, 3]), Channel.tensorDefaults);
        using var shaped = Channel.tensorsUpTo<float>(ChannelMode.Spsc, 6, Channel.tensorDefaults);

        SlabChannel[] all = [spsc, mpsc, spmc, mpmc, broadcast, created, opened];
        Assert.Equal("Spsc Mpsc Spmc Mpmc Broadcast Mpmc Mpmc", string.Join(' ', all.Select(channel => channel.Mode)));
        Channel.writeTensor([1, 2, 3, 4, 5, 6], tensors);
        Channel.writeTensorOf(Microsoft.FSharp.Collections.ListModule.OfSeq([2]), [7f, 8f], shaped);
        Assert.Equal((1, 1), (tensors.Count, shaped.Count));
        Assert.Equal((6, 6, 64), ((int)tensors.MaximumElements, (int)shaped.MaximumElements, frames.MaximumFrameBytes));
    }

    [Fact]
    public async Task Messages_AreWrittenAndRead()
    {
        using var channel = Channel.spmc<int>(Channel.defaults);
        Channel.write(1, channel);
        Assert.True(Channel.tryWrite(2, channel).IsOk);
        Assert.True(Channel.writeWithin(Soon, 3, channel).IsOk);
        Channel.writeWith(new MessageBuilder<int>((ref int slot) => slot = 4), channel);
        Assert.True(Channel.tryWriteWith(new MessageBuilder<int>((ref int slot) => slot = 5), channel).IsOk);
        for (int i = 6; i <= 16; i++)
            Channel.write(i, channel);

        using var reader = Channel.openReader(channel);
        Assert.Equal(1, Channel.read(channel));
        Assert.Equal(2, Reader.read(reader));
        Assert.Equal(3, Channel.tryRead(channel).Value);
        Assert.Equal(4, Reader.tryRead(reader).Value);
        Assert.Equal(5, Channel.readWithin(Soon, channel).ResultValue);
        Assert.Equal(6, Reader.readWithin(Soon, reader).ResultValue);
        Assert.Equal(7, Value(Channel.take(channel)));
        Assert.Equal(8, Value(Reader.take(reader)));
        Assert.Equal(9, Value(Channel.tryTake(channel).Value));
        Assert.Equal(10, Value(Reader.tryTake(reader).Value));
        Assert.Equal(11, Value(Channel.takeWithin(Soon, channel).ResultValue));
        Assert.Equal(12, Value(Reader.takeWithin(Soon, reader).ResultValue));
        Assert.Equal(13, Channel.useMessage(new MessageReader<int, int>((in int message) => message), channel));
        Assert.Equal(14, Reader.useMessage(new MessageReader<int, int>((in int message) => message), reader));
        Channel.complete(channel);
        int sum = 0;
        await foreach (var lease in Channel.readAll(channel))
            sum += Value(lease);
        await foreach (var lease in Reader.readAll(reader))
            sum += Value(lease);
        Assert.Equal(31, sum);
        Assert.Equal(0, Channel.statistics(channel).HeldLeases);
    }

    [Fact]
    public async Task Channels_AreDrained()
    {
        int sum = 0;
        Unit Add(int value)
        {
            Interlocked.Add(ref sum, value);
            return null!;
        }
        var add = FuncConvert.FromFunc<int, Unit>(Add);
        var addLease = FuncConvert.FromFunc<Lease<int>, Task<Unit>>(lease => Task.FromResult(Add(lease.Value)));
        var plus = FuncConvert.FromFunc<int, int, int>((left, right) => left + right);
        var folder = new MessageFolder<int, int>((int state, in int message) => state + message);
        void Handle(ref readonly int message) => Add(message);

        Channel.iter(add, Filled());
        Channel.iterWith(Handle, Filled());
        await Channel.iterTask(CancellationToken.None, addLease, Filled());
        await Channel.listen(Handle, Filled()).Completion;
        await Channel.listenOn(new ListenerOptions { Scheduler = TaskScheduler.Default }, Handle, Filled()).Completion;
        Reader.iter(add, Filled().Reader);
        Reader.iterWith(Handle, Filled().Reader);
        await Reader.iterTask(CancellationToken.None, addLease, Filled().Reader);
        await Reader.listen(Handle, Filled().Reader).Completion;
        await Reader.listenOn(new ListenerOptions { Scheduler = TaskScheduler.Default }, Handle, Filled().Reader).Completion;
        foreach (var lease in Channel.takeAll(Filled()))
            Add(Value(lease));
        foreach (var lease in Reader.takeAll(Filled().Reader))
            Add(Value(lease));
        Assert.Equal(12 * 6, sum);
        Assert.Equal(6, Channel.fold(plus, 0, Filled()));
        Assert.Equal(6, Channel.foldWith(folder, 0, Filled()));
        Assert.Equal(6, Reader.fold(plus, 0, Filled().Reader));
        Assert.Equal(6, Reader.foldWith(folder, 0, Filled().Reader));
    }

    [Fact]
    public void Fail_IsThrownToTheConsumer()
    {
        using var channel = Channel.spsc<int>(Channel.defaults);
        Channel.fail(new InvalidDataException("broken"), channel);

        Assert.Throws<InvalidDataException>(() => Channel.read(channel));
        using var completed = Channel.spsc<int>(Channel.defaults);
        Channel.complete(completed);
        Assert.Equal(NotRead.Closed, Channel.readWithin(Soon, completed).ErrorValue);
        Assert.Equal(NotWritten.Closed, Channel.tryWrite(1, channel).ErrorValue);
    }

    private SlabChannel<int> Filled()
    {
        var channel = Channel.spsc<int>(Channel.defaults);
        _channels.Add(channel);
        for (int i = 1; i <= 3; i++)
            Channel.write(i, channel);
        Channel.complete(channel);
        return channel;
    }

    private static int Value(Lease<int> lease)
    {
        using (lease)
            return lease.Value;
    }

    /// <summary>The static functions that this assembly's code names: "Channel.write".</summary>
    private static HashSet<string> NamedByThisAssembly()
    {
        using var file = new PEReader(File.OpenRead(typeof(FSharpFaceTests).Assembly.Location));
        var reader = file.GetMetadataReader();
        return
        [
            .. from handle in reader.MemberReferences
               let member = reader.GetMemberReference(handle)
               where member.Parent.Kind == HandleKind.TypeReference
               let type = reader.GetTypeReference((TypeReferenceHandle)member.Parent)
               select $"{reader.GetString(type.Name)}.{reader.GetString(member.Name)}",
        ];
    }
}

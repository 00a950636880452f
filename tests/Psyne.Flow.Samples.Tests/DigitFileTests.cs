using System.Text;
using Psyne.Flow.Samples.Digits;

namespace Psyne.Flow.Samples.Tests;

public sealed class DigitFileTests
{
    [Fact]
    public void Read_TheSamplesFile_HasItsLines()
    {
        using var file = DataFile.Of(DataFile.Packed);

        var read = DigitFile.Read(file.Path, acceptTruncated: false);

        Assert.Null(read.Truncation);
        Assert.Equal(DataFile.Lines, Enumerable.Range(1, read.Lines).Select(line => Encoding.UTF8.GetString(read.Line(line))));
    }

    [Fact]
    public void IsHeldOut_OfLines_IsTheLastQuarter()
    {
        using var file = DataFile.Of(DataFile.Packed);

        var read = DigitFile.Read(file.Path, acceptTruncated: false);

        Assert.Equal(Enumerable.Range(1348, 450), Enumerable.Range(1, 1797).Where(read.IsHeldOut));
    }

    [Theory]
    [InlineData("a\nb\n", "a", "b")]
    [InlineData("a\nb", "a", "b")]
    [InlineData("a\r\nb\r\n", "a", "b")]
    [InlineData("a\n\nb\n\n", "a", "", "b", "")]
    public void Line_OfAnyEnding_IsWithoutIt(string text, params string[] lines)
    {
        using var file = DataFile.OfText(text);

        var read = DigitFile.Read(file.Path, acceptTruncated: false);

        Assert.Equal(lines, Enumerable.Range(1, read.Lines).Select(line => Encoding.UTF8.GetString(read.Line(line))));
    }

    [Fact]
    public void Read_TwoFilesJoined_AreOne()
    {
        using var file = DataFile.Of([.. DataFile.Packed, .. DataFile.Packed]);

        Assert.Equal(2 * 1797, DigitFile.Read(file.Path, acceptTruncated: false).Lines);
    }

    [Theory]
    [InlineData(1, 1798)]      // of the length of the text
    [InlineData(5, 1798)]      // of the checksum
    [InlineData(28_000, -1)]   // of the middle
    public void Read_CutOff_NamesTheLineAndKeepsThoseBefore(int missing, int line)
    {
        using var file = DataFile.Of(DataFile.Packed[..^missing]);

        var wrong = Assert.Throws<DigitFileException>(() => DigitFile.Read(file.Path, acceptTruncated: false));
        var read = DigitFile.Read(file.Path, acceptTruncated: true);

        Assert.Equal(wrong.Message, read.Truncation!.Message);
        Assert.StartsWith($"{file.Path}, line {read.Lines + 1}: the gzip data ends early, after ", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(line < 0 ? read.Lines : line - 1, read.Lines);
        Assert.Equal(DataFile.Lines[..read.Lines], Enumerable.Range(1, read.Lines).Select(number => Encoding.UTF8.GetString(read.Line(number))));
    }

    [Fact]
    public void Read_SecondOfTwoCutOff_KeepsTheFirst()
    {
        using var file = DataFile.Of([.. DataFile.Packed, .. DataFile.Packed[..20_000]]);

        var read = DigitFile.Read(file.Path, acceptTruncated: true);

        Assert.NotNull(read.Truncation);
        Assert.InRange(read.Lines, 1797 + 100, 2 * 1797 - 100);
    }

    [Fact]
    public void Read_ChangedByte_IsDamaged()
    {
        var bytes = DataFile.Packed.ToArray();
        bytes[^6] ^= 1; // of the checksum

        using var file = DataFile.Of(bytes);
        var wrong = Assert.Throws<DigitFileException>(() => DigitFile.Read(file.Path, acceptTruncated: false));

        Assert.Contains(": the gzip data is damaged here or before, after ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhatIsNoData_SaysWhatItIs()
    {
        using var nothing = DataFile.Of();
        using var text = DataFile.Of("0,1,2\n"u8.ToArray());
        using var header = DataFile.Of(DataFile.Packed[..10]);
        using var blank = DataFile.Of(0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        using var single = DataFile.OfText("1,2\n");

        Assert.Equal($"{nothing.Path} is empty: it has 0 bytes.", Fault(nothing.Path));
        Assert.Equal($"{text.Path} is no gzip file: it begins with the bytes 302C, and a gzip file with 1F8B.", Fault(text.Path));
        Assert.Equal($"{header.Path}, line 1: the gzip data ends early, after 0 bytes of text.", Fault(header.Path));
        Assert.Equal($"{blank.Path} is too short. There are 0 lines; at least 2 are needed, to train on and to test.", Fault(blank.Path));
        Assert.Equal($"{single.Path} is too short. There is 1 line; at least 2 are needed, to train on and to test.", Fault(single.Path));
        Assert.StartsWith("/no/such/file can't be read: ", Fault("/no/such/file"), StringComparison.Ordinal);
        Assert.StartsWith($"{Path.GetTempPath()} can't be read: ", Fault(Path.GetTempPath()), StringComparison.Ordinal);
    }

    private static string Fault(string path) => Assert.Throws<DigitFileException>(() => DigitFile.Read(path, acceptTruncated: false)).Message;
}

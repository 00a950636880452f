using System.Text;
using Psyne.Flow.Samples.Digits;

namespace Psyne.Flow.Samples.Tests;

public sealed class LineParserTests
{
    [Fact]
    public void Parse_EveryLineOfTheFile_IsWhatItsNumbersSay()
    {
        Assert.Equal(1797, DataFile.Lines.Length);
        for (var line = 1; line <= DataFile.Lines.Length; line++)
        {
            var image = Parse(DataFile.Lines[line - 1], line, isHeldOut: line % 2 == 0);

            var numbers = DataFile.Lines[line - 1].Split(',').Select(int.Parse).ToArray();
            Assert.Equal(numbers[..64].Select(pixel => (float)pixel), ((ReadOnlySpan<float>)image.Pixels).ToArray());
            Assert.Equal((numbers[64], line, line % 2 == 0), (image.Label, image.Line, image.IsHeldOut));
        }
    }

    [Theory]
    [InlineData(1, "016", 16f)]
    [InlineData(64, "00", 0f)]
    [InlineData(64, "0000007", 7f)]
    [InlineData(65, "07", 7f)]
    public void Parse_ZerosBeforeANumber_ChangeNothing(int field, string value, float number)
    {
        var image = Parse(DataFile.Field(12, field, value), 12);

        Assert.Equal(number, field == 65 ? image.Label : image.Pixels[field - 1]);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i == field - 1 ? number : float.Parse(DataFile.Lines[11].Split(',')[i])), ((ReadOnlySpan<float>)image.Pixels).ToArray());
    }

    [Fact]
    public void Parse_ShortLineInASlotThatHadALongerOne_DoesNotReadOn()
    {
        var line = new DigitLine();
        var image = new DigitImage();
        var text = Encoding.UTF8.GetBytes(DataFile.Lines[0]);
        for (var length = 0; length < text.Length; length++)
        {
            line.Fill(text, 1, false);
            line.Fill(text.AsSpan(0, length), 2, false);
            Assert.Throws<LineFormatException>(() => LineParser.Parse(in line, ref image));
        }
    }

    [Theory]
    [InlineData(1, "17", "'17' is not a pixel; these go from 0 to 16.")]
    [InlineData(64, "99999999999", "'99999999999' is not a number; a pixel is one from 0 to 16.")]
    [InlineData(2, "-1", "'-1' is not a pixel; these go from 0 to 16.")]
    [InlineData(2, "+1", "'+1' is not a pixel; these go from 0 to 16.")]
    [InlineData(33, "x", "'x' is not a number; a pixel is one from 0 to 16.")]
    [InlineData(33, "", "'' is not a number; a pixel is one from 0 to 16.")]
    [InlineData(33, " 3", "' 3' is not a number; a pixel is one from 0 to 16.")]
    [InlineData(33, "3.5", "'3.5' is not a number; a pixel is one from 0 to 16.")]
    [InlineData(33, "\u001b[2J", "'?[2J' is not a number; a pixel is one from 0 to 16.")]
    [InlineData(33, "abcdefghijklmnopqrstuvwxyz", "'abcdefghijklmnopqrstuvwx...' is not a number; a pixel is one from 0 to 16.")]
    [InlineData(65, "10", "'10' is not a digit; these go from 0 to 9.")]
    [InlineData(65, "seven", "'seven' is not a number; a digit is one from 0 to 9.")]
    [InlineData(65, "7 ", "'7 ' is not a number; a digit is one from 0 to 9.")]
    public void Parse_WrongField_NamesLineFieldValueAndBound(int field, string value, string reason)
    {
        var wrong = Assert.Throws<LineFormatException>(() => Parse(DataFile.Field(12, field, value), 12));

        Assert.Equal($"line 12, field {field}: {reason}", wrong.Message);
        Assert.Equal((12, field), (wrong.Line, wrong.Field));
    }

    [Theory]
    [InlineData("", "is empty; a line has 65 numbers.")]
    [InlineData("1,2,3", "has 3 fields; a line has 65: 64 pixels and the digit.")]
    [InlineData("7", "has 1 fields; a line has 65: 64 pixels and the digit.")]
    public void Parse_WrongLine_SaysWhatALineIs(string text, string reason)
    {
        var wrong = Assert.Throws<LineFormatException>(() => Parse(text, 3));

        Assert.Equal($"line 3: {reason}", wrong.Message);
        Assert.Equal((3, 0), (wrong.Line, wrong.Field));
    }

    [Fact]
    public void Parse_OneFieldMoreOrLess_IsToldByTheirNumber()
    {
        var line = DataFile.Lines[0];

        Assert.Equal("line 1: has 66 fields; a line has 65: 64 pixels and the digit.", Assert.Throws<LineFormatException>(() => Parse(line + ",", 1)).Message);
        Assert.Equal("line 1: has 64 fields; a line has 65: 64 pixels and the digit.", Assert.Throws<LineFormatException>(() => Parse(line[..line.LastIndexOf(',')], 1)).Message);
    }

    [Fact]
    public void Parse_LineThatIsCutInTheMessage_IsTooLongAndNotHalfRead()
    {
        var line = DataFile.Lines[0] + new string(' ', DigitLine.MaximumLength); // the first 65 numbers are fine

        var wrong = Assert.Throws<LineFormatException>(() => Parse(line, 9));

        Assert.Equal($"line 9: has {line.Length} bytes; a line has at most 256.", wrong.Message);
    }

    [Fact]
    public void Parse_GoodLine_AllocatesNothing()
    {
        var line = new DigitLine();
        var image = new DigitImage();
        line.Fill(Encoding.UTF8.GetBytes(DataFile.Lines[0]), 1, false);
        LineParser.Parse(in line, ref image);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            LineParser.Parse(in line, ref image);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static DigitImage Parse(string text, int number, bool isHeldOut = false)
    {
        var line = new DigitLine();
        var image = new DigitImage();
        line.Fill(Encoding.UTF8.GetBytes(text), number, isHeldOut);
        LineParser.Parse(in line, ref image);
        return image;
    }
}

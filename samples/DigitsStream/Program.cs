using System.IO.Compression;

// Reads the data and says what it holds.
string path = Path.Combine(AppContext.BaseDirectory, "digits.csv.gz");
using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
int[] images = new int[10];
while (text.ReadLine() is { } line)
{
    images[line[^1] - '0']++;
}

Console.WriteLine($"{images.Sum()} images of 8 x 8 pixels; of each digit from 0 to 9: {string.Join(", ", images)}");

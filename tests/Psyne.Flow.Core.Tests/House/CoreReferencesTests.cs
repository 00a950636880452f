using System.Reflection;
using System.Xml.Linq;

namespace Psyne.Flow.Tests.House;

public sealed class CoreReferencesTests
{
    private static readonly string[] AllowedPackages = ["System.Numerics.Tensors"];

    [Fact]
    public void Assembly_References_AreTheBclAndTensors()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<string> others = Assembly.Load("Psyne.Flow.Core").GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !AllowedPackages.Contains(name) && !File.Exists(Path.Combine(framework, name + ".dll")));

        Assert.Empty(others);
    }

    // The compiler leaves out what no code uses; the project file does not.
    [Fact]
    public void Project_References_AreTensorsAlone()
    {
        var project = XDocument.Load(Repository.PathOf("src", "Psyne.Flow.Core", "Psyne.Flow.Core.csproj"));
        IEnumerable<string?> references = project.Descendants()
            .Where(item => item.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference" or "Reference")
            .Select(item => item.Attribute("Include")?.Value);

        Assert.Equal(AllowedPackages, references);
    }
}

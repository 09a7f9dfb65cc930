namespace VmCluster.Activities.Images;

/// <summary>The files that are part of this assembly.</summary>
internal static class Resource
{
    public static string ReadText(string name)
    {
        using var stream = typeof(Resource).Assembly.GetManifestResourceStream(typeof(Resource), name)
            ?? throw new FileNotFoundException($"The program was built without its file '{name}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

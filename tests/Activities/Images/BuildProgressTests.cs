using VmCluster.Activities.Images;

namespace VmCluster.Activities.Tests.Images;

public sealed class BuildProgressTests
{
    [Fact]
    public void A_build_is_told_as_phases_whose_fraction_only_grows()
    {
        var progress = new BuildProgress("debian-12");
        string[] lines =
        [
            "progress 1 reading the package lists",
            "I: running apt-get update...",
            "I: extracting archives...",
            "I: installing essential packages...",
            .. Enumerable.Range(0, 490).Select(i => i % 2 == 0 ? $"Unpacking p{i} (1.0) ..." : $"Setting up p{i} (1.0) ..."),
            "I: cleaning package lists and apt cache...",
            "progress 90 configuring the system",
        ];

        var reports = lines.Select(progress.Read).OfType<ImageProgress>().ToList();

        Assert.Equal("building debian-12: reading the package lists", reports[0].Message);
        Assert.Equal(("building debian-12: configuring the system", 0.9), (reports[^1].Message, reports[^1].Fraction));
        Assert.Equal(reports.Select(report => report.Fraction).Order(), reports.Select(report => report.Fraction));
        Assert.InRange(reports.Count, 50, 120);
    }
}

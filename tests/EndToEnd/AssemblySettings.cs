using System.Runtime.Versioning;

// Each test boots machines and wants the processors for itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: SupportedOSPlatform("linux")]

using System.Runtime.Versioning;

// Each class has a VirtualBox of its own, and calls of VBoxManage mostly wait.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: SupportedOSPlatform("linux")]

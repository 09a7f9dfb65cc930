using VmCluster.VirtualBox.Tests.Support;

return await BuildProcess.RunAsync(args);

using VmCluster.Host.Cli;

using var signals = new Signals(Console.Error);
return await CommandLine.RunAsync(args, Surroundings.OfThisProcess(args, signals.Interrupted));

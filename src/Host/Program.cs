using VmCluster.Host.Cli;

// A script's pattern that backtracks for ever would hold its thread for ever: .NET's patterns have no limit of their own.
AppDomain.CurrentDomain.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", TimeSpan.FromSeconds(10));

using var signals = new Signals(Console.Error);
return await CommandLine.RunAsync(args, Surroundings.OfThisProcess(args, signals.Interrupted));

using System.Runtime.InteropServices;

namespace VmCluster.Host.Cli;

/// <summary>Ctrl-C, SIGTERM and SIGHUP: the first asks the command to stop in order, the second leaves at once.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _interrupted = new();
    private readonly List<PosixSignalRegistration> _registrations;
    private readonly TextWriter _error;
    private int _count;

    public Signals(TextWriter error)
    {
        _error = error;
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Interrupted => _interrupted.Token;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _interrupted.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _interrupted.Cancel();
            return;
        }

        // The live display hides the cursor; nobody else would bring it back.
        if (!Console.IsErrorRedirected)
            _error.Write("\e[?25h\n");
        Environment.Exit(ExitCode.Interrupted);
    }
}

using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Identity;

/// <summary>Makes ed25519 key pairs without a passphrase.</summary>
public sealed class SshKeys(ICommandRunner commands)
{
    /// <summary>Makes the pair <paramref name="path"/> and <paramref name="path"/><c>.pub</c> unless it is there; returns the public key's line.</summary>
    /// <param name="path">Absolute path of the private key; its folder exists.</param>
    /// <param name="comment">Stands behind the public key.</param>
    /// <param name="cancellationToken">Ends the program; no half pair remains.</param>
    public async Task<string> EnsureAsync(string path, string comment, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            var temporary = PrivateFiles.Temporary(path);
            await commands.RunCheckedAsync(new Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", temporary), cancellationToken);

            // The private key comes last: where it is, the pair is whole.
            File.Move(temporary + ".pub", path + ".pub", overwrite: true);
            File.Move(temporary, path, overwrite: true);
        }

        return (await File.ReadAllTextAsync(path + ".pub", cancellationToken)).Trim();
    }
}

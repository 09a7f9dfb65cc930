namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>What Ubuntu's installer is told, and what it says on the serial console when it is done.</summary>
internal static class Autoinstall
{
    /// <summary>The account that the installer insists on; its password is locked before the first boot.</summary>
    public const string User = "vmcluster";

    /// <summary>VirtualBox's own options for the kernel, and none to take out the disc and press Enter.</summary>
    public const string KernelParameters = @" autoinstall ds=nocloud\;s=/cdrom/ noprompt";

    private const string Done = "vmcluster: the system is installed";
    private const string Failed = "vmcluster: the installation failed";

    /// <summary>
    /// The <c>user-data</c> in which VirtualBox puts the password's hash. The installed system gets an SSH server and
    /// forgets what the installer set up for cloud-init, so that its first boot takes everything from the node's seed.
    /// </summary>
    public static string Template(string hostName) => $$"""
        #cloud-config
        autoinstall:
          version: 1
          locale: en_US.UTF-8
          keyboard: {layout: us}
          apt: {fallback: offline-install}
          storage:
            layout: {name: direct}
          ssh: {install-server: true, allow-pw: false}
          identity:
            hostname: '{{hostName}}'
            username: '{{User}}'
            password: '@@VBOX_INSERT_USER_PASSWORD_SHACRYPT512@@'
          late-commands:
            - "curtin in-target --target=/target -- passwd --lock {{User}}"
            - "rm -rf /target/etc/cloud/cloud.cfg.d/*installer* /target/etc/cloud/cloud.cfg.d/*subiquity* /target/etc/netplan/*installer*"
            - "rm -rf /target/etc/cloud/cloud-init.disabled /target/var/lib/cloud"
            - "echo 'datasource_list: [NoCloud, None]' > /target/etc/cloud/cloud.cfg.d/90-vmcluster.cfg"
            - "echo '{{Done}}' > /dev/ttyS0"
          error-commands:
            - "{ tail -n 5 /var/log/installer/subiquity-server-debug.log; echo '{{Failed}}'; } > /dev/ttyS0"
            - "poweroff"
          shutdown: poweroff
        """;

    /// <param name="consolePath">The file that the VM's serial port writes to.</param>
    public static bool IsDone(string consolePath) => Read(consolePath).Contains(Done, StringComparison.Ordinal);

    /// <summary>Its last words, as one line.</summary>
    public static string LastWords(string consolePath)
        => Read(consolePath).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(6) is var lines && lines.Any()
            ? string.Join(" | ", lines)
            : "it said nothing on its serial console";

    private static string Read(string path)
    {
        if (!File.Exists(path))
            return "";
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}

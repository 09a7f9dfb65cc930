using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VmCluster.Activities;
using VmCluster.Activities.Processes;

namespace VmCluster.Host.Web;

/// <summary>
/// Who may come in: a browser that opened a one-time link, and a script that can read the token file. Of a browser's
/// session only a hash is stored, so that it outlives a restart of the server and the file gives nothing away.
/// </summary>
internal sealed class Access
{
    private static readonly TimeSpan SessionLife = TimeSpan.FromDays(7);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly string _sessionsPath;
    private readonly byte[] _tokenHash;
    private readonly Dictionary<string, DateTimeOffset> _sessions;
    private byte[]? _linkHash;

    private Access(string tokenPath, string token, string sessionsPath, Dictionary<string, DateTimeOffset> sessions, TimeProvider time)
    {
        TokenPath = tokenPath;
        _tokenHash = Hash(token);
        _sessionsPath = sessionsPath;
        _sessions = sessions;
        _time = time;
    }

    /// <summary>Raised after a link was used, so that the user can be given the next one.</summary>
    public event Action? LinkUsed;

    /// <summary>The file with the token for scripts; mode 0600.</summary>
    public string TokenPath { get; }

    public static async Task<Access> OpenAsync(DataFolder folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var web = Path.Combine(folder.Root, "web");
        PrivateFiles.CreateFolder(web);
        var tokenPath = Path.Combine(web, "token");
        if (!File.Exists(tokenPath))
            await PrivateFiles.WriteAsync(tokenPath, NewSecret() + "\n", cancellationToken);
        PrivateFiles.Restrict(tokenPath);
        var token = (await File.ReadAllTextAsync(tokenPath, cancellationToken)).Trim();
        var sessionsPath = Path.Combine(web, "sessions");
        return new Access(tokenPath, token, sessionsPath, await ReadSessionsAsync(sessionsPath, cancellationToken), time);
    }

    /// <summary>A key that signs one browser in, once. The key before it no longer works.</summary>
    public string NewLinkKey()
    {
        var key = NewSecret();
        lock (_lock)
            _linkHash = Hash(key);
        return key;
    }

    /// <summary>Takes a link's key for the secret of a new session; null where the key is wrong or was used.</summary>
    public async Task<string?> RedeemAsync(string key, CancellationToken cancellationToken)
    {
        var secret = NewSecret();
        string sessions;
        lock (_lock)
        {
            if (_linkHash is null || !CryptographicOperations.FixedTimeEquals(_linkHash, Hash(key)))
                return null;
            _linkHash = null;
            _sessions[Convert.ToHexString(Hash(secret))] = _time.GetUtcNow() + SessionLife;
            sessions = string.Concat(_sessions.Where(IsAlive).Select(session => $"{session.Key} {session.Value:O}\n"));
        }

        await PrivateFiles.WriteAsync(_sessionsPath, sessions, cancellationToken);
        LinkUsed?.Invoke();
        return secret;
    }

    public bool IsSession(string secret)
    {
        // Found by hash: how long the search takes says nothing about the secret.
        var hash = Convert.ToHexString(Hash(secret));
        lock (_lock)
            return _sessions.TryGetValue(hash, out var end) && end > _time.GetUtcNow();
    }

    public bool IsToken(string token) => CryptographicOperations.FixedTimeEquals(_tokenHash, Hash(token));

    private bool IsAlive(KeyValuePair<string, DateTimeOffset> session) => session.Value > _time.GetUtcNow();

    private static async Task<Dictionary<string, DateTimeOffset>> ReadSessionsAsync(string path, CancellationToken cancellationToken)
    {
        var lines = File.Exists(path) ? await File.ReadAllLinesAsync(path, cancellationToken) : [];
        return lines.Select(line => line.Split(' ')).ToDictionary(
            parts => parts[0],
            parts => DateTimeOffset.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

using Microsoft.Data.Sqlite;

namespace VmCluster.Activities.Ledger;

/// <summary>
/// Reads the ledger, also beside another process. By plain SQL: a command that only shows clusters ends before
/// Entity Framework has built its model.
/// </summary>
internal sealed class LedgerReader(string path)
{
    /// <summary>All clusters in the order of their names, or the one asked for; nothing where nothing has been written yet.</summary>
    public async Task<IReadOnlyList<ClusterRecord>> ReadAsync(string? name, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return [];
        await using var connection = new SqliteConnection(LedgerDatabase.ConnectionString(path));
        await connection.OpenAsync(cancellationToken);
        if (!await IsMigratedAsync(connection, cancellationToken))
            return [];

        await using var transaction = connection.BeginTransaction(deferred: true);
        var clusters = await ReadAsync(connection, """SELECT * FROM "Clusters" WHERE $name IS NULL OR "Name" = $name ORDER BY "Name" """, name, Cluster, cancellationToken);
        var nodes = await ReadAsync(connection, """SELECT * FROM "Nodes" WHERE $name IS NULL OR "Cluster" = $name ORDER BY "Index" """, name, Node, cancellationToken);
        foreach (var node in nodes)
            clusters.Single(cluster => cluster.Name == node.Cluster).Nodes.Add(node);
        return clusters;
    }

    private static async Task<bool> IsMigratedAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM sqlite_master WHERE name = '{LedgerContext.HistoryTable}'";
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
    }

    private static async Task<List<T>> ReadAsync<T>(SqliteConnection connection, string sql, string? name, Func<Row, T> read, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$name", (object?)name ?? DBNull.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var records = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            records.Add(read(new Row(reader)));
        return records;
    }

    private static ClusterRecord Cluster(Row row) => new()
    {
        Name = row.Get<string>(nameof(ClusterRecord.Name)),
        RunId = row.Get<string>(nameof(ClusterRecord.RunId)),
        Provider = row.Get<string>(nameof(ClusterRecord.Provider)),
        Image = row.Get<string>(nameof(ClusterRecord.Image)),
        Subnet = row.Get<string>(nameof(ClusterRecord.Subnet)),
        Segment = row.Get<int>(nameof(ClusterRecord.Segment)),
        User = row.Get<string>(nameof(ClusterRecord.User)),
        Cpus = row.Get<int>(nameof(ClusterRecord.Cpus)),
        MemoryMiB = row.Get<int>(nameof(ClusterRecord.MemoryMiB)),
        DiskGiB = row.Get<int>(nameof(ClusterRecord.DiskGiB)),
        Folder = row.Get<string>(nameof(ClusterRecord.Folder)),
        CreatedAt = row.Get<DateTimeOffset>(nameof(ClusterRecord.CreatedAt)),
        VerifiedAt = row.IsNull(nameof(ClusterRecord.VerifiedAt)) ? null : row.Get<DateTimeOffset>(nameof(ClusterRecord.VerifiedAt)),
    };

    private static NodeRecord Node(Row row) => new()
    {
        Id = row.Get<Guid>(nameof(NodeRecord.Id)),
        Cluster = row.Get<string>(nameof(NodeRecord.Cluster)),
        RunId = row.Get<string>(nameof(NodeRecord.RunId)),
        Name = row.Get<string>(nameof(NodeRecord.Name)),
        Index = row.Get<int>(nameof(NodeRecord.Index)),
        Address = row.Get<string>(nameof(NodeRecord.Address)),
        SshPort = row.Get<int>(nameof(NodeRecord.SshPort)),
        NatMac = row.Get<string>(nameof(NodeRecord.NatMac)),
        ClusterMac = row.Get<string>(nameof(NodeRecord.ClusterMac)),
    };

    private readonly struct Row(SqliteDataReader reader)
    {
        public bool IsNull(string column) => reader.IsDBNull(reader.GetOrdinal(column));

        public T Get<T>(string column) => reader.GetFieldValue<T>(reader.GetOrdinal(column));
    }
}

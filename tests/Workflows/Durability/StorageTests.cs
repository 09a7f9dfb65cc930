using Microsoft.Data.Sqlite;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Durability;

/// <summary>What reaches the database, when, and what happens when it does not.</summary>
public sealed class StorageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_step_is_one_transaction_and_costs_as_many_rows_late_in_a_run_as_early()
    {
        await using var engine = new Engine(_folder);
        await engine.RunAsync(WorkflowJson.Sequence());
        await using var counter = await CountWritesAsync(engine.DatabasePath);
        var rows = new List<long>();
        engine.Get<ChangeWriter>().Committing = isAfter =>
        {
            if (isAfter)
                rows.Add(counter.Count());
        };

        var body = WorkflowJson.SequenceOf("body", WorkflowJson.Work("a"), WorkflowJson.WriteLine("b", "variables.CurrentIndex"));
        var run = await engine.RunAsync(WorkflowJson.Of(WorkflowJson.Activity("loop", "Elsa.ForEach", ("items", Numbers(500)), ("body", body))));
        Assert.Equal(WorkflowSubStatus.Finished, run.SubStatus);

        Assert.Equal(1 + 1000, rows.Count);
        var perCommit = rows.Zip(rows.Skip(1), (before, after) => after - before).ToList();
        Assert.Equal(perCommit[10..20], perCommit[980..990]);
        Assert.True(perCommit[10..20].Max() < 20, $"A step writes {perCommit[10..20].Max()} rows.");
    }

    [Fact]
    public async Task A_run_that_cannot_be_stored_says_so_and_continues_from_what_was_stored()
    {
        await using var engine = new Engine(_folder);
        await engine.RunAsync(WorkflowJson.Sequence());
        await ExecuteAsync(engine.DatabasePath, "CREATE TRIGGER Full BEFORE INSERT ON ExecutionLog WHEN NEW.ActivityId = 'third' BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
        engine.Workshop.Hold("second");
        var id = await engine.StartAsync(WorkflowJson.Sequence(WorkflowJson.Work("first"), WorkflowJson.Work("second"), WorkflowJson.Work("third")));
        var waiting = engine.Runtime.WaitUntilAtRestAsync(id);
        engine.Workshop.Release("second");
        var failure = await Assert.ThrowsAsync<RunNotStoredException>(() => waiting);
        Assert.Contains("database or disk is full", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["first", "second"], engine.Workshop.Begun);

        await ExecuteAsync(engine.DatabasePath, "DROP TRIGGER Full");
        await engine.Runtime.ResumeAsync(id);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
        Assert.Equal(["first", "second", "second", "third"], engine.Workshop.Begun);
    }

    [Fact]
    public async Task A_run_that_cannot_be_stored_does_not_stop_those_that_are_stored_with_it()
    {
        await using var engine = new Engine(_folder);
        await engine.RunAsync(WorkflowJson.Sequence());
        await ExecuteAsync(engine.DatabasePath, "CREATE TRIGGER Refuse BEFORE INSERT ON ExecutionLog WHEN NEW.ActivityId = 'bad' BEGIN SELECT RAISE(ABORT, 'refused'); END");
        var good = await engine.Definitions.ImportAsync(WorkflowJson.Of(WorkflowJson.SequenceOf("all", WorkflowJson.Work("a"), WorkflowJson.Work("b")), id: "good"));
        var bad = await engine.Definitions.ImportAsync(WorkflowJson.Of(WorkflowJson.SequenceOf("all", WorkflowJson.Work("a"), WorkflowJson.Work("bad")), id: "bad"));
        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(() => engine.Runtime.StartAsync(number % 4 == 0 ? bad : good, new StartOptions()))));
        for (var number = 0; number < ids.Length; number++)
        {
            var resting = engine.Runtime.WaitUntilAtRestAsync(ids[number]);
            if (number % 4 == 0)
                await Assert.ThrowsAsync<RunNotStoredException>(() => resting);
            else
                Assert.Equal(WorkflowSubStatus.Finished, (await resting).SubStatus);
        }
    }

    [Fact]
    public async Task A_step_that_is_still_ending_when_its_run_could_not_be_stored_does_not_run_beside_its_next_attempt()
    {
        await using var engine = new Engine(_folder);
        await engine.RunAsync(WorkflowJson.Sequence());
        engine.Workshop.Hold("deaf").Hold("other");
        var id = await engine.StartAsync(WorkflowJson.Flowchart(
            [WorkflowJson.Work("start"), WorkflowJson.Activity("deaf", "Test.DeafWork"), WorkflowJson.Work("other")], "start -> deaf", "start -> other"));
        await Task.WhenAll(engine.Workshop.BegunAsync("deaf"), engine.Workshop.BegunAsync("other"));
        await ExecuteAsync(engine.DatabasePath, "CREATE TRIGGER Full BEFORE INSERT ON ExecutionLog BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
        var waiting = engine.Runtime.WaitUntilAtRestAsync(id);
        engine.Workshop.Release("other");
        await Assert.ThrowsAsync<RunNotStoredException>(() => waiting);
        await ExecuteAsync(engine.DatabasePath, "DROP TRIGGER Full");

        var resuming = engine.Runtime.ResumeAsync(id);
        Assert.Single(engine.Workshop.Begun, "deaf");
        engine.Workshop.Release("deaf");
        await resuming;
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
        Assert.Equal(2, engine.Workshop.Begun.Count(name => name == "deaf"));
    }

    [Fact]
    public async Task The_journal_can_be_neither_changed_nor_shortened()
    {
        await using var engine = new Engine(_folder);
        await engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Work("a")));
        foreach (var sql in new[] { "UPDATE ExecutionLog SET Message = 'x'", "DELETE FROM ExecutionLog" })
        {
            var refused = await Assert.ThrowsAsync<SqliteException>(() => ExecuteAsync(engine.DatabasePath, sql));
            Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_secret_input_reaches_the_step_and_nothing_else()
    {
        await using (var engine = new Engine(_folder))
        {
            engine.Workshop.Break("bad");
            var password = WorkflowJson.Script("'open ' + 'sesame'");
            var run = await engine.RunAsync(WorkflowJson.Sequence(
                WorkflowJson.Activity("good", "Test.Work", ("password", password)),
                WorkflowJson.Activity("bad", "Test.Work", ("password", password))));
            await engine.Runtime.RetryAsync(run.Id);
            await engine.Runtime.WaitUntilAtRestAsync(run.Id);
            Assert.Equal(["open sesame", "open sesame", "open sesame"], engine.Workshop.Passwords);
            Assert.DoesNotContain(engine.Notifications, notification => notification.ToString().Contains("open sesame", StringComparison.Ordinal));
        }

        Assert.All(Directory.GetFiles(_folder.Path), file => Assert.DoesNotContain("open sesame", File.ReadAllText(file), StringComparison.Ordinal));
    }

    private static string Numbers(int count) => $$"""{"expression": {"type": "Object", "value": [{{string.Join(',', Enumerable.Range(0, count))}}]} }""";

    private static async Task ExecuteAsync(string path, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Lets the database itself count the rows that are written.</summary>
    private static async Task<WriteCounter> CountWritesAsync(string path)
    {
        var tables = new[] { "WorkflowInstances", "ActivityExecutions", "Bookmarks", "Variables", "Incidents", "ExecutionLog" };
        var triggers = from table in tables
                       from change in new[] { "INSERT", "UPDATE", "DELETE" }
                       select $"CREATE TRIGGER Count_{table}_{change} AFTER {change} ON {table} BEGIN UPDATE Writes SET Rows = Rows + 1; END;";
        await ExecuteAsync(path, $"CREATE TABLE Writes (Rows INTEGER); INSERT INTO Writes VALUES (0); {string.Concat(triggers)}");
        return new WriteCounter(path);
    }

    private sealed class WriteCounter : IAsyncDisposable
    {
        private readonly SqliteConnection _connection;

        public WriteCounter(string path)
        {
            _connection = new SqliteConnection($"Data Source={path};Pooling=False");
            _connection.Open();
        }

        public long Count()
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "SELECT Rows FROM Writes";
            return (long)command.ExecuteScalar()!;
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();
    }
}

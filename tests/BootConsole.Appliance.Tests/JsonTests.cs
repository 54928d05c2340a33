// --json of every command, held against docs/json.md; and the commands' page against --help.
using System.Text.Json;
using System.Text.RegularExpressions;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed partial class JsonTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public void A_job_answers_with_the_documented_document_and_progress_lines()
    {
        var store = sample.NewFolder();
        var backup = Json("job", "backup", "--disk", sample.Source, "--store", store, "--name", "json", "--no-encryption", "--verify");
        var id = backup.GetProperty("image").GetString()!;
        var counts = backup.GetProperty("counts");
        Assert.EndsWith("_json", id, StringComparison.Ordinal);
        Assert.Equal(64, new[] { "data", "same", "zero", "unused", "unreadable" }.Sum(kind => counts.GetProperty(kind).GetInt64()));
        Assert.True(backup.GetProperty("rates").GetProperty("verifySeconds").GetDouble() > 0);
        var target = sample.NewPath(".img");
        var restore = Json("job", "restore", "--store", store, id, "--disk", target);
        Assert.Equal(id, restore.GetProperty("image").GetString());
        Assert.True(restore.GetProperty("counts").GetProperty("writtenBytes").GetInt64() > 13 << 20);
        Assert.Equal(64, Json("job", "verify", "--store", store, id).GetProperty("counts").GetProperty("chunks").GetInt64());
        Json("job", "verify", "--store", store, id, "--keyless");
        Assert.Empty(Json("job", "verify", "--store", store, id, "--against", sample.Source).GetProperty("different").EnumerateArray());
        Assert.Equal(SampleStore.DiskBytes, Json("job", "export", "--store", store, id, "--to", sample.NewPath(".raw")).GetProperty("counts").GetProperty("writtenBytes").GetInt64());
        Assert.True(Json("job", "delete", "--store", store, id).GetProperty("counts").GetProperty("freedBytes").GetInt64() > 8 << 20);
        Assert.NotEmpty(Json("job", "backup", "--disk", sample.Source, "--store", store, "--no-encryption", "--dry-run").GetProperty("plan").EnumerateArray());
    }

    [Fact]
    public void The_last_progress_line_says_that_all_is_done()
    {
        var run = Bootconsole.Run("verify", "--store", sample.Store, "latest", "--json").Succeeds();
        var last = run.ProgressLines[^1];
        DocumentedJson.Section("progress").Check(last);
        Assert.Equal(SampleStore.DiskBytes, last.GetProperty("bytes").GetInt64());
        Assert.Equal(SampleStore.DiskBytes, last.GetProperty("totalBytes").GetInt64());
    }

    [Fact]
    public void Lists_answer_with_the_documented_documents()
    {
        using var loop = LoopDisk.Attach(sample.Source, isReadOnly: true);
        var disk = Json("disks", "disks").GetProperty("disks").EnumerateArray().Single(found => found.GetProperty("path").GetString() == loop.Path);
        Assert.Equal("gpt", disk.GetProperty("table").GetString());
        Assert.Equal(["ext4", ""], disk.GetProperty("partitions").EnumerateArray().Select(partition => partition.GetProperty("fileSystem").GetString()));
        var image = Assert.Single(Json("images", "images", "--store", sample.Store).GetProperty("images").EnumerateArray());
        Assert.Equal((sample.Image, "test-pc", "sample", "full", "done"), (Text(image, "id"), Text(image, "pc"), Text(image, "name"), Text(image, "kind"), Text(image, "state")));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$", Text(image, "created"));
        Assert.Empty(Json("images", "images", "--store", sample.Store, "--pc", "another").GetProperty("images").EnumerateArray());
        var shown = Json("show", "show", "--store", sample.Store, "latest");
        Assert.Equal(sample.Image, shown.GetProperty("manifest").GetProperty("id").GetString());
        Assert.Equal("linux", shown.GetProperty("layouts")[0].GetProperty("partitions")[0].GetProperty("label").GetString());
        Assert.Contains("complete -o", Json("completion", "completion", "bash").GetProperty("script").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_answers_with_the_documented_document()
    {
        var copy = sample.CopyStore();
        copy.FlipBit("disk-0/layout.json", 100);
        foreach (var command in new[] { "show", "verify" })
            DocumentedJson.Section("job").Check(Bootconsole.Run(command, "--store", copy.Folder, "latest", "--json").ReportsJson(1, "failed", "layout.json").Document);
        DocumentedJson.Section("job").Check(Bootconsole.Run("images", "--store", "/no-such-store", "--json").ReportsJson(1, "failed").Document);
    }

    [Fact]
    public void The_page_of_the_commands_names_exactly_the_options_there_are()
    {
        var page = File.ReadAllText(Repository.File("docs/commands.md"));
        var sections = page.Split("\n## ").ToDictionary(section => section.Split('\n')[0]);
        var (stores, keys) = (Documented(sections["Stores"]), Documented(sections["Keys"]));
        foreach (var command in HelpTests.Names)
        {
            var section = sections[command];
            HashSet<string> documented = [.. Documented(section), .. section.Contains("[store options](#stores)", StringComparison.Ordinal) ? stores : [], .. section.Contains("[key options](#keys)", StringComparison.Ordinal) ? keys : []];
            var help = Bootconsole.Run([.. command.Split(' '), "--help"]).Output;
            var options = HelpOption().Matches(help).Select(match => match.Groups[1].Value).Where(option => option is not "--json").ToHashSet();
            Assert.Equal(options.Order(), documented.Order());
            foreach (var example in Regex.Matches(help, @"^  (bootconsole .*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Where(line => !line.Contains('[', StringComparison.Ordinal)))
                Assert.Contains(example, section, StringComparison.Ordinal);
            foreach (var used in Regex.Matches(section, @"^bootconsole .*$", RegexOptions.Multiline).SelectMany(line => Regex.Matches(line.Value, "--[a-z-]+")).Select(match => match.Value))
                Assert.Contains(used, (IEnumerable<string>)[.. options, "--json"]);
        }

        static HashSet<string> Documented(string section) => [.. Regex.Matches(section, @"^\| `(--[a-z-]+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex(@"^  (--[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex HelpOption();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    // Runs a command with --json and holds all that it prints against the page.
    private static JsonElement Json(string section, params string[] arguments)
    {
        var run = Bootconsole.Run([.. arguments, "--json"]).Succeeds();
        DocumentedJson.Section(section).Check(run.Document);
        Assert.Equal(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, run.ProgressLines.Count);
        foreach (var line in run.ProgressLines) DocumentedJson.Section(line.TryGetProperty("event", out _) ? "event" : "progress").Check(line);
        return run.Document;
    }
}

// The list of images: what is chosen, and that the fast way of writing it says what the records say.
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;
using BootConsole.Server.Output;
using BootConsole.Server.Tests.Catalogue;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Images;

public sealed class ImageListTests : IDisposable
{
    private static readonly DateTimeOffset Day = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);

    private static readonly JobStanding Standing = new(IsLiving: true, DoneBytes: 25, DiskBytes: 100);

    private static readonly StoredImage[] Images =
    [
        Sample("Alpha", 1, "finished") with { Sealed = Day.AddHours(1), Verified = Day.AddDays(1), Kind = "full" },
        Sample("Alpha", 2, "finished") with { Parent = "2026-11-21T020000Z_Alpha_daily", StoredBytes = 5_000_000_000, DiskBytes = 512_110_190_592 },
        Sample("Alpha", 3, "unfinished") with { Kind = "", DiskBytes = 0 },
        Sample("beta", 1, "finished"),
        Sample("beta", 2, "damaged") with { Reason = "disk-0/0.zst is gone “for ever” + <more> äöü" },
        Sample("beta", 3, "deleted"),
        Sample("gamma", 1, "unfinished"),
    ];

    private readonly TempFolder _folder = new();
    private readonly CatalogueFile _catalogue;

    public ImageListTests()
    {
        _catalogue = CatalogueFile.Create(_folder["catalogue.db"], "tester", TimeProvider.System);
        _catalogue.Change("filled", "", session =>
        {
            session.AddContract(SampleContract.Basic);
            foreach (var pc in (string[])["gamma", "alpha", "beta"]) session.AddPc(new Pc { Name = pc, Account = "bc-" + pc, Contract = "basic", Added = Day });
            session.Execute("UPDATE pc SET name = 'Alpha' WHERE name = 'alpha'");
            foreach (var image in Images.Reverse()) session.RememberImage(image);
        });
    }

    public void Dispose()
    {
        _catalogue.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_document_is_byte_for_byte_what_the_serializer_writes_of_the_records()
    {
        var shown = Images.Where(image => image.State != "deleted").Select(image => ImageWords.Document(image, image.Pc == "gamma" ? Standing : null));
        RunDocument[] runs = [new("gamma", Day, "backup", "done", "daily", "")];
        TroubleDocument[] troubles = [new("beta", "its store is not there")];

        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            ImageLists.Begin(writer);
            _catalogue.Read(session => session.EachImage(new ImageChoice { All = true }, image => ImageLists.Write(writer, image, StandingOf(image))));
            ImageLists.End(writer, runs, troubles);
        }

        Assert.Equal(JsonSerializer.Serialize(new ImagesDocument([.. shown], runs, troubles), ImageDocuments.Default.ImagesDocument), Encoding.UTF8.GetString(text.WrittenSpan));
    }

    [Fact]
    public void The_table_has_a_line_for_each_image_and_says_what_is_not_known()
    {
        var table = ImageLists.Table();
        _catalogue.Read(session => session.EachImage(new ImageChoice { All = true }, image => ImageLists.Add(table, image, StandingOf(image))));
        using var written = new StringWriter(CultureInfo.InvariantCulture);
        table.WriteTo(written);
        Assert.Equal(
            """
            PC     Image                           Kind         Size      Stored    Seen              Sealed            Verified          State
            Alpha  2026-11-21T020000Z_Alpha_daily  full         1.00 KiB  7 B       2026-11-21 02:00  2026-11-21 03:00  2026-11-22 02:00  finished
            Alpha  2026-11-22T020000Z_Alpha_daily  incremental  477 GiB   4.66 GiB  2026-11-22 02:00  -                 -                 finished
            Alpha  2026-11-23T020000Z_Alpha_daily  ?            ?         7 B       2026-11-23 02:00  -                 -                 unfinished
            beta   2026-11-21T020000Z_beta_daily   incremental  1.00 KiB  7 B       2026-11-21 02:00  -                 -                 finished
            beta   2026-11-22T020000Z_beta_daily   incremental  1.00 KiB  7 B       2026-11-22 02:00  -                 -                 damaged: disk-0/0.zst is gone “for ever” + <more> äöü
            gamma  2026-11-21T020000Z_gamma_daily  incremental  1.00 KiB  7 B       2026-11-21 02:00  -                 -                 running, 25 %

            """,
            written.ToString());
    }

    [Theory]
    [InlineData("", "Alpha2 Alpha3 beta1 beta2 gamma1")]
    [InlineData("all", "Alpha1 Alpha2 Alpha3 beta1 beta2 gamma1")]
    [InlineData("ALPHA", "Alpha1 Alpha2 Alpha3")]
    [InlineData("beta", "beta1 beta2")]
    [InlineData("unfinished", "Alpha3 gamma1")]
    [InlineData("damaged", "beta2")]
    [InlineData("beta unfinished", "")]
    [InlineData("all unfinished damaged", "Alpha3 beta2 gamma1")]
    public void Lists_show_what_was_chosen(string words, string shown)
    {
        var chosen = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var choice = new ImageChoice { Pc = chosen.FirstOrDefault(word => word is "ALPHA" or "beta"), All = chosen.Contains("all"), States = [.. chosen.Where(word => word is "unfinished" or "damaged")] };
        List<string> found = [];
        _catalogue.Read(session => session.EachImage(choice, image => found.Add($"{Encoding.UTF8.GetString(image.Pc)}{Encoding.UTF8.GetString(image.Name)[9] - '0'}")));
        Assert.Equal(shown, string.Join(' ', found));
        var unfinished = _catalogue.Read(session => session.UnfinishedImages(choice)).Select(image => $"{image.Pc}{image.Name[9] - '0'}");
        Assert.Equal(shown.Split(' ').Where(image => image is "Alpha3" or "gamma1"), unfinished);
    }

    private static JobStanding? StandingOf(ListedImage image) => image.Pc.SequenceEqual("gamma"u8) ? Standing : null;

    private static StoredImage Sample(string pc, int day, string state) => new()
    {
        Pc = pc,
        Name = $"2026-11-2{day}T020000Z_{pc}_daily",
        State = state,
        Kind = "incremental",
        Parent = "",
        Taken = Day.AddDays(day - 1),
        Seen = Day.AddDays(day - 1),
        StoredBytes = 7,
        DiskBytes = 1024,
        Manifest = "",
        Stamp = state == "finished" ? "x" : "",
    };
}

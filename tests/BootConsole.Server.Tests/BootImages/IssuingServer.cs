// A server of one test that can issue boot images: real authorities, a sample base, contracts and PCs in the catalogue.
using BootConsole.Host;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Tests.Catalogue;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.BootImages;

/// <summary>A server in a folder, of the user who runs the test.</summary>
internal sealed class IssuingServer : IDisposable
{
    internal IssuingServer()
    {
        MakeTree(Root);
        foreach (var name in (string[])["user", "host"])
        {
            SystemTool.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", $"{name} authority", "-f", $"{Root}/ca/{name}");
            File.Move($"{Root}/ca/{name}.pub", $"{Root}/etc/{name}_ca.pub");
        }

        SampleBase.Make(Folder["base"]);
        Run("base", "import", Folder["base"]).Succeeds();
        Change(session =>
        {
            session.AddContract(SampleContract.Basic with { FirstDay = new DateOnly(2020, 1, 1), LastDay = null, Media = ["iso", "usb", "pxe", "uki"] });
            session.AddContract(SampleContract.Basic with { Name = "ended", FirstDay = new DateOnly(2020, 1, 1), LastDay = new DateOnly(2020, 12, 31), GraceDays = 100_000 });
            session.AddContract(SampleContract.Basic with { Name = "later", FirstDay = new DateOnly(2999, 1, 1), LastDay = null });
            session.AddContract(SampleContract.Basic with { Name = "isoonly", FirstDay = new DateOnly(2020, 1, 1), LastDay = null, Media = ["iso"] });
        });
        AddPc("office");
    }

    internal TempFolder Folder { get; } = new();

    internal string Root => Folder["server"];

    internal string this[string name] => Folder[name];

    /// <summary>A server's folder with an empty catalogue and no authorities.</summary>
    internal static void MakeTree(string root)
    {
        foreach (var name in (string[])["etc", "catalogue", "ca"]) Directory.CreateDirectory(Path.Combine(root, name));
        File.WriteAllText(Path.Combine(root, "etc/server.json"), """{"version":1,"host":"backup.example","port":2222,"kind":"private","account":"keeper"}""");
        CatalogueFile.Create(Path.Combine(root, "catalogue/catalogue.db"), "tester", TimeProvider.System).Dispose();
    }

    internal void AddPc(string name, string contract = "basic", string settings = "", string address = "dhcp", string? gateway = null) =>
        Change(session => session.AddPc(new Pc { Name = name, Account = $"bc-{name}", Contract = contract, Settings = settings, Address = address, Gateway = gateway, Added = DateTimeOffset.UnixEpoch }));

    internal void Change(Action<CatalogueSession> work)
    {
        using var catalogue = Open();
        catalogue.Change("test", "test", work);
    }

    internal T Read<T>(Func<CatalogueSession, T> work)
    {
        using var catalogue = Open();
        return catalogue.Read(work);
    }

    internal ProgramResult Run(params string[] arguments) => Bootserver.Run(["--root", Root, .. arguments]);

    internal ProgramResult Build(string pc, string medium, string name, params string[] more) => Run(["bootimage", "build", pc, "--medium", medium, "--out", Folder[name], .. more]);

    public void Dispose() => Folder.Dispose();

    private CatalogueFile Open() => CatalogueFile.Open($"{Root}/catalogue/catalogue.db", "tester", TimeProvider.System);
}

// What PCs do to their stores in tests: real backups by the real program as the PC's own user, and whatever else a thief with that user may try.
using System.Text.Json;
using BootConsole.Host;

namespace BootConsole.Server.Tests.Images;

/// <summary>PCs of a <see cref="SampleServer"/>.</summary>
internal static class StoredImages
{
    private const string Disk = "/srv/disk.img";

    // A copy of an image under another id, with a manifest and checksum that fit: what whoever has the PC's account can make without any key.
    private const string ForgeScript = """
        import hashlib, json, os, shutil, sys
        images, old, new = sys.argv[1:]
        shutil.copytree(f'{images}/{old}', f'{images}/.{new}', copy_function=shutil.copyfile)
        os.chmod(f'{images}/.{new}', 0o700)
        for top, folders, files in os.walk(f'{images}/.{new}'):
            for folder in folders: os.chmod(f'{top}/{folder}', 0o700)
        path = f'{images}/.{new}/image.json'
        manifest = json.load(open(path))
        manifest['id'] = new
        data = (json.dumps(manifest) + '\n').encode()
        for name, content in (('image.json', data), ('image.json.sha256', (hashlib.sha256(data).hexdigest() + '  image.json\n').encode())):
            os.unlink(f'{images}/.{new}/{name}')
            open(f'{images}/.{new}/{name}', 'wb').write(content)
        os.rename(f'{images}/.{new}', f'{images}/{new}')
        """;

    /// <summary>Makes a contract and a PC under it.</summary>
    internal static void AddPc(this SampleServer server, string pc, string contract, params string[] terms)
    {
        server.Run(["contract", "add", contract, "--customer", "Example Ltd", .. terms]).Succeeds();
        server.Run("pc", "add", pc, "--contract", contract).Succeeds();
    }

    /// <summary>Runs a program as a PC's user.</summary>
    internal static ProgramResult As(this SampleServer server, string pc, string program, params string[] arguments) =>
        server.Machine.Try("setpriv", ["--reuid", $"bc-{pc}", "--regid", $"bc-{pc}", "--clear-groups", "--", program, .. arguments]);

    /// <summary>Backs a small disk up as the PC would.</summary>
    /// <returns>The image's id.</returns>
    internal static string Backup(this SampleServer server, string pc, string name, string kind = "full")
    {
        server.Machine.Run("sh", "-c", $"test -e {Disk} || head -c 4194304 /dev/urandom > {Disk}; printf x | dd of={Disk} bs=1 seek=100 conv=notrunc status=none; chmod 644 {Disk}");
        var result = server.As(pc, "/opt/bootserver/bootconsole", "backup", "--disk", Disk, "--store", Store(pc), "--pc", pc, "--name", name, "--kind", kind, "--no-encryption", "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.GetProperty("image").GetString()!;
    }

    /// <summary>Puts a forged image into a PC's store, as the PC's user.</summary>
    internal static ProgramResult Forge(this SampleServer server, string pc, string image, string forged) => server.As(pc, "/usr/bin/python3", "-c", ForgeScript, Store(pc) + "/images", image, forged);

    /// <summary>A PC's store, as the server's machine sees it.</summary>
    internal static string Store(string pc) => $"{SampleServer.Root}/pcs/{pc}";

    /// <summary>The images of a listing, by their ids.</summary>
    internal static Dictionary<string, JsonElement> Listed(this SampleServer server, params string[] arguments) =>
        server.Ask(["images", "list", .. arguments]).GetProperty("images").EnumerateArray().ToDictionary(image => image.GetProperty("id").GetString()!);

    /// <summary>Lets the server believe that it saw and sealed an image so many days ago.</summary>
    internal static void Age(this SampleServer server, string image, int days) =>
        server.Sql($"UPDATE image SET seen = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-{days} days'), sealed = CASE WHEN sealed IS NULL THEN NULL ELSE strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-{days} days') END WHERE name = '{image}'");
}

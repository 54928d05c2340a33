// The list of revoked certificates that sshd reads at each login (KRL). The oracle refuses them too: either alone is enough.
using System.Globalization;
using BootConsole.Host;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Certificates;

/// <summary>Writes and reads the server's list of revoked certificates.</summary>
internal sealed class RevocationList(ServerTree tree, IProgramRunner programs)
{
    private readonly SshKeygen _keygen = new(programs);

    /// <summary>Writes the list of the catalogue's revoked boot images: whole, by a rename, so that no login finds none (sshd would refuse everybody) or half of one.</summary>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="cancel">Ends the attempt; the former list stays then.</param>
    internal async Task WriteAsync(CatalogueFile catalogue, CancellationToken cancel)
    {
        IReadOnlyList<long> revoked;
        // Looked at again behind the rename: of two that write at once, the later one must have the other's too.
        do await WriteAsync(revoked = Revoked(catalogue), cancel);
        while (!revoked.SequenceEqual(Revoked(catalogue)));
    }

    /// <summary>Writes a list of these serial numbers, for every authority that is trusted now.</summary>
    internal async Task WriteAsync(IReadOnlyList<long> serials, CancellationToken cancel)
    {
        var part = $"{tree.Revocations}.{Guid.NewGuid():N}.part";
        var words = part + ".txt";
        try
        {
            await File.WriteAllLinesAsync(words, serials.Select(serial => string.Create(CultureInfo.InvariantCulture, $"serial: {serial}")), cancel);
            await _keygen.RunAsync("the list of revoked certificates cannot be made", ["-q", "-k", "-f", part], cancel);
            foreach (var (authority, number) in AuthorityLines.Read(tree.UserAuthorities).Select((line, index) => (line, index)))
            {
                var key = $"{part}.{number}.pub";
                try
                {
                    await File.WriteAllTextAsync(key, authority + "\n", cancel);
                    if (serials.Count > 0) await _keygen.RunAsync("the list of revoked certificates cannot be made", ["-q", "-k", "-u", "-f", part, "-s", key, words], cancel);
                }
                finally
                {
                    File.Delete(key);
                }
            }

            LinuxNames.SetMode(part, WholeFile.ReadableByAll);
            using (var file = LinuxFile.Open(part, OpenFor.Writing)) file.Flush();
            WholeFile.Replace(part, tree.Revocations);
        }
        finally
        {
            foreach (var file in (string[])[part, words]) File.Delete(file);
        }
    }

    /// <summary>The serial numbers in the list as it is: those that are revoked for every authority that is trusted now, in order.</summary>
    /// <exception cref="Core.HostFault">It is missing or none.</exception>
    internal async Task<IReadOnlyList<long>> ReadAsync(CancellationToken cancel)
    {
        var text = await _keygen.RunAsync("the list of revoked certificates cannot be read", ["-Q", "-l", "-f", tree.Revocations], cancel);
        // One section for each authority: '# CA key …', then 'serial: 4' or 'serial: 4-9'.
        var sections = text.Split("# CA key ")[1..].Select(section => section.Split('\n').Where(line => line.StartsWith("serial: ", StringComparison.Ordinal)).SelectMany(line => Range(line["serial: ".Length..])).ToHashSet()).ToList();
        return sections.Count < AuthorityLines.Read(tree.UserAuthorities).Count ? [] : [.. sections.Aggregate((all, next) => [.. all.Intersect(next)]).Order()];
    }

    /// <summary>The serial numbers that the list should have, in order.</summary>
    internal static IReadOnlyList<long> Revoked(CatalogueFile catalogue) => catalogue.Read(session => session.BootImages()).Where(image => image.Revoked is not null).Select(image => image.Serial).Order().ToList();

    private static IEnumerable<long> Range(string text)
    {
        var ends = text.Split('-').Select(end => long.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        for (var serial = ends[0]; serial <= ends[^1]; serial++) yield return serial;
    }
}

// What each PC of the catalogue gets when it boots from the network. Pure: from the catalogue to texts and bytes, nothing is written.
using System.Security.Cryptography;
using System.Text;
using BootConsole.Core;
using BootConsole.Media.Building;
using BootConsole.Media.Contents;
using BootConsole.Server.Bases;
using BootConsole.Server.BootImages;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.NetworkBoot;

/// <summary>The files of network boot besides loaders and bases.</summary>
/// <param name="Base">The base that all boot.</param>
/// <param name="Files">Texts and archives by their path below the folder, in order.</param>
/// <param name="Served">The PCs that can boot.</param>
/// <param name="Refused">The PCs with a network card that cannot, and why.</param>
internal sealed record NetworkBootPlan(ImportedBase Base, IReadOnlyDictionary<string, byte[]> Files, IReadOnlyList<string> Served, IReadOnlyList<(string Pc, string Reason)> Refused)
{
    /// <summary>The menu that every PC gets first.</summary>
    internal const string FirstMenu = "grub/grub.cfg";

    /// <summary>The same plan has the same.</summary>
    internal string Signature { get; } = Sign(Base, Files);

    /// <summary>Makes the plan of a moment.</summary>
    /// <param name="tree">The server.</param>
    /// <param name="catalogue">Its catalogue.</param>
    /// <param name="order">What is served.</param>
    /// <param name="now">The moment.</param>
    /// <exception cref="UsageFault">No base has been imported.</exception>
    internal static NetworkBootPlan Make(ServerTree tree, CatalogueFile catalogue, ServeOrder order, DateTimeOffset now)
    {
        var (pcs, contracts, @base) = catalogue.Read(rows => (rows.Pcs(), rows.Contracts().ToDictionary(contract => contract.Name), BaseChoice.Find(rows.Bases(), null)));
        var menu = new NetworkMenu(order.Interface.Address, order.SerialPort, order.KernelOptions);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        List<string> served = [];
        List<(string, string)> refused = [];
        foreach (var pc in pcs.Where(pc => pc.Cards.Count > 0))
        {
            string text;
            try
            {
                CheckContract(contracts[pc.Contract], now);
                var archive = $"pcs/{pc.Name}/pc.img";
                files[archive] = Checked(pc, () => Archive(tree, pc, order)).Bytes.ToArray();
                text = menu.ForPc(pc.Name, $"/bases/{@base.Folder}", $"/{archive}");
                served.Add(pc.Name);
            }
            catch (Fault fault)
            {
                // One PC with wrong settings must not keep the others from booting.
                text = menu.Refusal(pc.Name, FirstLine(fault.Message), fault.Remedy);
                refused.Add((pc.Name, FaultSentence.Of(fault)));
            }

            foreach (var card in pc.Cards) files[$"grub/pcs/{card}.cfg"] = Encoding.UTF8.GetBytes(text);
        }

        files[FirstMenu] = Encoding.UTF8.GetBytes(menu.First(pcs.SelectMany(pc => pc.Cards).Order(StringComparer.Ordinal)));
        return new NetworkBootPlan(@base, files, served, refused);
    }

    // What everybody who asks gets: settings, and no private key.
    private static PcArchive Archive(ServerTree tree, Pc pc, ServeOrder order)
    {
        var wish = new BootImageWish { Pc = pc.Name, Medium = MediumKind.Pxe, Target = "" };
        var additions = new PcAdditions { Name = pc.Name, Address = pc.Address, Gateway = pc.Gateway, Server = BootImagePlan.Server(tree, pc, wish, []) with { Enrol = order.EnrolUrl } };
        var name = $"the settings of {pc.Name}";
        var text = PcSettingsText.Compose(Encoding.UTF8.GetBytes(pc.Settings), name, additions);
        var archive = PcArchive.Make(text.Bytes, name, new PcFileSources(null) { Withheld = new HashSet<string> { BootImagePlan.IdentityPath } });
        archive.RefuseSecrets(isServedOpenly: true);
        return archive;
    }

    // What a person did about it in a boot image, such as --files, does not help here.
    private static PcArchive Checked(Pc pc, Func<PcArchive> make)
    {
        try
        {
            return make();
        }
        catch (Fault fault) when (fault is UsageFault or RefusedFault)
        {
            throw new RefusedFault(fault.Message, fault)
            {
                Which = fault.Which,
                Remedy = $"'bootserver pc change {pc.Name} --settings FILE', with settings that are right and name no password and no key; or give it a stick ('bootserver bootimage build').",
            };
        }
    }

    // In the days of grace a PC boots too, for it may restore.
    private static void CheckContract(Contract contract, DateTimeOffset now)
    {
        if (contract.StandingAt(now) == ContractStanding.Grace && contract.Media.Contains(MediumKind.Pxe.Name())) return;
        BootImagePlan.CheckContract(contract, MediumKind.Pxe, now);
    }

    private static string FirstLine(string text) => text.Split('\n')[0];

    private static string Sign(ImportedBase @base, IReadOnlyDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{@base.Folder} {@base.Sha256}\n"));
        foreach (var (path, bytes) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path} {bytes.Length}\n"));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

// A boot image as it will be: everything that can be refused has been, and nothing is written yet.
using BootConsole.Core;
using BootConsole.Media.Bases;
using BootConsole.Media.Building;
using BootConsole.Media.Contents;
using BootConsole.Server.Bases;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;
using BootConsole.Settings;

namespace BootConsole.Server.BootImages;

/// <summary>What will be made.</summary>
internal sealed record BootImagePlan
{
    /// <summary>Where the booted PC has its key; the certificate lies beside it.</summary>
    internal const string IdentityPath = "/etc/bootconsole/id_ed25519", CertificatePath = IdentityPath + "-cert.pub";

    /// <summary>Bytes for backups on a USB medium of a PC that has no server.</summary>
    private const long LocalRoomBytes = 2L << 30;

    private const string RoomUrl = "label:BOOTCONSOLE";

    /// <summary>What was asked for.</summary>
    internal required BootImageWish Wish { get; init; }

    /// <summary>The base.</summary>
    internal required ImportedBase Base { get; init; }

    /// <summary>The settings.</summary>
    internal required PcSettingsText Settings { get; init; }

    /// <summary>True when a key is made for it: it is for the network, and nobody who asks gets it.</summary>
    internal bool HasKey => !Wish.IsLocal && Wish.Medium != MediumKind.Pxe;

    private BaseFolder BaseFolder { get; init; } = null!;

    /// <summary>Decides, and checks what can be checked.</summary>
    /// <exception cref="UsageFault">Something is not known, or the settings have errors.</exception>
    /// <exception cref="RefusedFault">The contract does not allow it, the base or a key is not sound, or it cannot be made there.</exception>
    internal static BootImagePlan Make(ServerTree tree, CatalogueFile catalogue, BootImageWish wish, DateTimeOffset now)
    {
        var (pc, chosen, storages) = catalogue.Read(rows =>
        {
            var pc = rows.Pc(wish.Pc);
            CheckContract(rows.Contract(pc.Contract), wish.Medium, now);
            return (pc, BaseChoice.Find(rows.Bases(), wish.Base), rows.Storages());
        });
        var text = wish.SettingsFile is { } file ? SettingsFile.ReadBytes(file) : System.Text.Encoding.UTF8.GetBytes(pc.Settings);
        var plan = new BootImagePlan
        {
            Wish = wish with { Pc = pc.Name, RoomBytes = wish.RoomBytes ?? (wish is { IsLocal: true, Medium: MediumKind.Usb } ? LocalRoomBytes : 0) },
            Base = chosen,
            Settings = PcSettingsText.Compose(text, wish.SettingsFile ?? $"the settings of {pc.Name}", Additions(tree, pc, wish, storages, text)),
            BaseFolder = BaseChoice.Open(tree, chosen),
        };
        if (plan.HasKey) new AuthorityKey(tree.UserAuthorityKey).Check();
        // A key and a certificate of the same kind stand for those that are made later.
        MediaBuilder.Check(plan.Order("-----BEGIN OPENSSH PRIVATE KEY-----\n"u8.ToArray(), "certificate"u8.ToArray()));
        return plan;
    }

    /// <summary>Refuses what a contract does not allow.</summary>
    /// <exception cref="RefusedFault">It does not run, or not with such media.</exception>
    internal static void CheckContract(Contract contract, MediumKind medium, DateTimeOffset now)
    {
        var standing = contract.StandingAt(now);
        if (standing == ContractStanding.NotYet) throw new RefusedFault("the contract has not begun") { Which = contract.Name, Found = $"its first day is {contract.FirstDay:yyyy-MM-dd}", Remedy = $"'bootserver contract change {contract.Name} --from DAY' lets it begin." };
        if (standing != ContractStanding.Running) throw new RefusedFault("the contract has ended") { Which = contract.Name, Found = $"its last day was {contract.LastDay:yyyy-MM-dd}", Remedy = $"'bootserver contract change {contract.Name} --until DAY' prolongs it." };
        if (!contract.Media.Contains(medium.Name())) throw new RefusedFault("the contract does not allow such a medium") { Which = contract.Name, Expected = string.Join(", ", contract.Media), Found = medium.Name(), Remedy = $"'bootserver contract change {contract.Name} --media KINDS' allows others." };
    }

    /// <summary>The order for a key: the same key, certificate, settings and base make the same bytes.</summary>
    /// <param name="key">The private key; not looked at where <see cref="HasKey"/> is false.</param>
    /// <param name="certificate">Its certificate.</param>
    /// <exception cref="RefusedFault">A file that the settings name is missing, or is a secret that nobody asked for.</exception>
    internal MediumOrder Order(byte[] key, byte[] certificate)
    {
        var sources = new PcFileSources(Wish.Files)
        {
            Made = HasKey ? new Dictionary<string, byte[]> { [IdentityPath] = key, [CertificatePath] = certificate } : new Dictionary<string, byte[]>(),
            Withheld = HasKey || Wish.IsLocal ? new HashSet<string>() : new HashSet<string> { IdentityPath },
        };
        var archive = PcArchive.Make(Settings.Bytes, $"the settings of {Wish.Pc}", sources);
        if (!Wish.WithSecrets) archive.RefuseSecrets(isServedOpenly: Wish.Medium == MediumKind.Pxe);
        return new MediumOrder
        {
            Kind = Wish.Medium,
            Base = BaseFolder,
            Pc = archive,
            Target = Wish.Target,
            Serial = Wish.SerialPort,
            KernelOptions = Wish.KernelOptions,
            RoomBytes = Wish.RoomBytes ?? 0,
        };
    }

    private static PcAdditions Additions(ServerTree tree, Pc pc, BootImageWish wish, IReadOnlyList<Storage> known, byte[] own)
    {
        var storages = wish.Storages.Select(name => Find(known, name, isRelay: false)).Select(storage => Addition(storage, wish)).ToList();
        if (!wish.IsLocal) return new PcAdditions { Name = pc.Name, Address = pc.Address, Gateway = pc.Gateway, Server = Server(tree, pc, wish, known), Storages = storages };
        if (wish.Relay is not null) throw new UsageFault("a PC without this server needs no relay to it") { Which = "--relay" };
        // The room on the stick is of no use to a PC that does not know of it.
        var hasRoom = wish.Medium == MediumKind.Usb && wish.RoomBytes != 0 && !System.Text.Encoding.UTF8.GetString(own).Contains(RoomUrl, StringComparison.Ordinal);
        if (hasRoom) storages.Add(new StorageAddition("stick", RoomUrl, [], ""));
        return new PcAdditions { Name = pc.Name, Address = "none", Storages = storages };
    }

    /// <summary>The way to this server, for a PC's settings.</summary>
    internal static ServerAddition Server(ServerTree tree, Pc pc, BootImageWish wish, IReadOnlyList<Storage> known)
    {
        var facts = tree.ReadFacts();
        var isSystem = facts.IsSystem;
        // In a private server all PCs come in as its owner, and sshd begins in the PC's store, which is not the root.
        var url = $"sftp://{(isSystem ? pc.Account : facts.Account)}@{HostText.Bracketed(facts.Host)}:{facts.Port}{(isSystem ? "/" : "/~")}";
        var relay = wish.Relay is { } name ? Find(known, name, isRelay: true) : null;
        var keys = HostAuthority.KnownHostsLines(tree, facts.Host);
        if (keys.Count == 0) throw new HostFault("the authority that proves this server is missing") { Which = tree.HostAuthorities, Remedy = "Run 'bootserver doctor'." };
        return new ServerAddition(url, [.. keys, .. relay is null ? [] : Lines(relay)], facts.Host, IdentityPath, relay?.Url ?? "");
    }

    private static StorageAddition Addition(Storage storage, BootImageWish wish)
    {
        var wantsKey = StoreAddress.Parse(storage.Url) is SftpAddress;
        if (wantsKey && wish.IsLocal) throw new UsageFault("this storage wants a key, which a boot image of '--mode local' does not have") { Which = storage.Name, Found = storage.Url };
        return new StorageAddition(storage.Name, storage.Url, wantsKey ? Lines(storage) : [], wantsKey ? IdentityPath : "");
    }

    private static Storage Find(IReadOnlyList<Storage> known, string name, bool isRelay) => known.FirstOrDefault(storage => storage.Name == name && storage.IsRelay == isRelay)
        ?? throw new UsageFault(isRelay ? "there is no relay of this name" : "there is no storage of this name") { Which = name, Expected = Known.Of(known.Where(storage => storage.IsRelay == isRelay).Select(storage => storage.Name)), Remedy = "'bootserver storage list' shows all." };

    private static string[] Lines(Storage storage) => storage.HostKeys.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

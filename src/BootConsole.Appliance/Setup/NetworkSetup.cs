// Brings the network of the booted PC up as its settings say, within a time, and says how it went.
using System.Globalization;
using System.Net;
using System.Text.Json;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Settings;

namespace BootConsole.Appliance.Setup;

/// <summary>Sets the network up. May be called again: what was set up before is taken down first.</summary>
/// <param name="programs">Runs <c>ip</c>, <c>udhcpc</c> and <c>arping</c>.</param>
/// <param name="places">The files.</param>
/// <param name="clock">The time.</param>
internal sealed class NetworkSetup(IProgramRunner programs, SetupPlaces places, TimeProvider clock)
{
    // A switch with spanning tree may forward nothing for 30 s; a DHCP client in the background outlives that. Without patience a PC without a cable would start late every time.
    private static readonly TimeSpan LinkWait = TimeSpan.FromSeconds(8), SecondLinkWait = TimeSpan.FromSeconds(2), LookEvery = TimeSpan.FromMilliseconds(100), Quick = TimeSpan.FromSeconds(10), LeaseLimit = TimeSpan.FromSeconds(20);

    private readonly SystemPrograms _programs = new(programs);

    /// <summary>Sets the network up.</summary>
    /// <exception cref="RefusedFault">This is not the boot image.</exception>
    internal async Task<SetupReport> RunAsync(PcSettings pc, CancellationToken cancel)
    {
        places.RequireBootImage();
        Directory.CreateDirectory(places.Run);
        SetupReport report;
        try
        {
            report = await BringUpAsync(pc, cancel);
        }
        catch (HostFault missing)
        {
            report = SetupReport.Empty.Or($"{Capital(missing.Message)}: {missing.Which}.", "This boot image is not complete; make it again.");
        }
        catch (TimeoutException)
        {
            report = SetupReport.Empty.Or("A program that sets the network up does not end.", "Try again (Network in the menu), or start the PC anew.");
        }

        Note(report);
        return report;
    }

    private async Task<SetupReport> BringUpAsync(PcSettings pc, CancellationToken cancel)
    {
        await TakeDownAsync(cancel);
        WriteResolver(pc.Dns);
        if (pc.Address is NoAddress) return SetupReport.Empty.And("No network is brought up: the settings say so.");
        var cards = NetworkCards.Find();
        if (cards.Count == 0) return SetupReport.Empty.Or("This PC has no network card that this boot image knows.", "Use another card, such as a USB one, or local media: address = \"none\" and a [[storage]] with label:NAME.");
        await _programs.RunAsync("ip", Quick, ["link", "set", "dev", "lo", "up"], cancel);
        foreach (var card in cards) await _programs.RunAsync("ip", Quick, ["link", "set", "dev", card.Name, "up"], cancel);
        cards = await WaitForLinkAsync(cancel);
        var report = SetupReport.Empty;
        if (!cards.Any(card => card.HasLink)) report = report.Or($"No cable with a link: {Names(cards)}.", "Plug the cable in at both ends, then set the network up again (Network in the menu).");
        var chosen = pc.Address is StaticAddress { Gateway: { } gateway } ? await ChooseAsync(cards, gateway, pc, cancel) : First(cards);
        return report.And(await DoAsync(pc, cards, chosen, cancel));
    }

    private async Task<SetupReport> DoAsync(PcSettings pc, IReadOnlyList<NetworkCard> cards, NetworkCard chosen, CancellationToken cancel)
    {
        var report = SetupReport.Empty;
        var asked = new List<AskForLease>();
        foreach (var step in NetworkPlan.Make(pc, cards, chosen))
        {
            switch (step)
            {
                case RunIp run:
                    var result = await _programs.RunAsync("ip", Quick, run.Arguments, cancel);
                    // The steps that follow need this one.
                    if (!result.Succeeded) return report.Or($"{Capital(run.Failure)}: {SystemPrograms.Words(result)}.", Remedy(run));
                    break;
                case CheckUnused check when await AnswersAsync(check.Card, check.Address, cancel):
                    return report.Or($"The address {check.Address} is in use: another PC on {check.Card} answers to it. It was not taken.", "Find the other PC, or give this one another address ([pc] address, or Network in the menu).");
                case AskForLease ask:
                    asked.Add(ask);
                    break;
            }
        }

        if (pc.Address is StaticAddress address) return report.And($"{NetworkPlan.Target(pc, cards, chosen)} has the address {address}{(address.Gateway is { } gateway ? $" and the gateway {gateway}" : " and no gateway")}{(pc.Dns.Count > 0 ? $"; names are resolved by {string.Join(", ", pc.Dns)}" : "")}.");
        return report.And(await AskAsync(pc, asked, cancel));
    }

    // All cards at once: a PC with four cards is not to wait four times.
    private async Task<SetupReport> AskAsync(PcSettings pc, IReadOnlyList<AskForLease> asked, CancellationToken cancel)
    {
        await Task.WhenAll(asked.Select(ask => AskAsync(pc, ask, cancel)));
        var leases = asked.Select(ask => (ask.Card, ask.IsAwaited, Lease: Lease.TryRead(places.Lease(ask.Card)))).ToList();
        var report = new SetupReport([.. leases.Where(lease => lease.Lease is not null).Select(lease => lease.Lease!.Describe(lease.Card))], []);
        var silent = leases.Where(lease => lease is { Lease: null, IsAwaited: true }).Select(lease => lease.Card).ToList();
        if (silent.Count == 0) return report;
        var what = $"No DHCP server answers on {string.Join(", ", silent)}";
        // One network is enough; the other cable may lead anywhere.
        return report.Done.Count > 0
            ? report.And($"{what}; it is asked again in the background.")
            : report.Or($"{what}.", "Check that the cable leads into the right network, or give the PC a fixed address ([pc] address, or Network in the menu). The server is asked again in the background.");
    }

    // udhcpc comes back when it has a lease, or when nobody answered; in both cases it lives on in the background.
    private Task<ProgramResult> AskAsync(PcSettings pc, AskForLease ask, CancellationToken cancel)
    {
        string[] patience = ask.IsAwaited ? ["-t", "5", "-T", "2"] : ["-t", "1", "-T", "1"];
        return _programs.RunAsync("udhcpc", LeaseLimit, ["-i", ask.Card, "-s", places.DhcpScript, "-p", places.LeaseProcess(ask.Card), "-b", .. patience, "-x", $"hostname:{pc.Name}"], cancel);
    }

    private async Task<IReadOnlyList<NetworkCard>> WaitForLinkAsync(CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        TimeSpan? first = null;
        while (true)
        {
            var cards = NetworkCards.Find();
            var waited = clock.GetElapsedTime(started);
            if (cards.Any(card => card.HasLink)) first ??= waited;
            if (cards.All(card => card.HasLink) || waited > LinkWait || waited > first + SecondLinkWait) return cards;
            await Task.Delay(LookEvery, clock, cancel);
        }
    }

    // With several cables, the one that leads to the gateway.
    private async Task<NetworkCard> ChooseAsync(IReadOnlyList<NetworkCard> cards, IPAddress gateway, PcSettings pc, CancellationToken cancel)
    {
        var linked = cards.Where(card => card.HasLink).ToList();
        if (linked.Count < 2 || pc.Vlan is not null || gateway.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork) return First(cards);
        foreach (var card in linked) if (await AnswersAsync(card.Name, gateway, cancel)) return card;
        return linked[0];
    }

    private static NetworkCard First(IReadOnlyList<NetworkCard> cards) => cards.FirstOrDefault(card => card.HasLink) ?? cards[0];

    // arping -D asks as one without an address does (RFC 5227), and ends with 1 when somebody answers.
    private async Task<bool> AnswersAsync(string card, IPAddress address, CancellationToken cancel) =>
        await _programs.RunAsync("arping", Quick, ["-D", "-q", "-c", "2", "-w", "3", "-I", card, address.ToString()], cancel) is { ExitCode: 1, TimedOut: false, Error.Length: 0 };

    private async Task TakeDownAsync(CancellationToken cancel)
    {
        foreach (var file in Directory.GetFiles(places.Run, "udhcpc.*.pid"))
        {
            await LeaseKeeper.EndAsync(file, clock, cancel);
            File.Delete(file);
        }

        foreach (var file in Directory.GetFiles(places.Run, "lease.*")) File.Delete(file);
        foreach (var vlan in NetworkCards.FindVlans()) await _programs.RunAsync("ip", Quick, ["link", "delete", "dev", vlan], cancel);
        foreach (var card in NetworkCards.Find()) await _programs.RunAsync("ip", Quick, ["address", "flush", "dev", card.Name, "scope", "global"], cancel);
    }

    // Written in its place: the file may be one that something else has mounted there.
    private void WriteResolver(IReadOnlyList<IPAddress> servers)
    {
        File.Delete(places.FixedResolver);
        if (servers.Count > 0) File.WriteAllText(places.FixedResolver, "");
        File.WriteAllText(places.Resolver, string.Concat(servers.Select(server => $"nameserver {server}\n")));
    }

    /// <summary>How the network was brought up; null where it was not, or nobody knows.</summary>
    internal static SetupReport? TryReadStatus(SetupPlaces places)
    {
        try
        {
            return places.IsBootImage && JsonSerializer.Deserialize(File.ReadAllBytes(places.Status), NetworkStatusContext.Default.NetworkStatus) is { Done: { } done, Troubles: { } troubles } ? new SetupReport(done, troubles) : null;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    // For the console, which may be started before or after.
    private void Note(SetupReport report)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(new NetworkStatus(clock.GetUtcNow(), report.Done, report.Troubles), NetworkStatusContext.Default.NetworkStatus);
        File.WriteAllBytes(places.Status + ".new", text);
        File.Move(places.Status + ".new", places.Status, overwrite: true);
    }

    private static string Remedy(RunIp run) => run.Arguments.Contains("vlan") ? "Check the card, and that this boot image's kernel knows VLANs (8021q)." : "Check address, prefix length and gateway ([pc] in the settings, or Network in the menu).";

    private static string Names(IReadOnlyList<NetworkCard> cards) => string.Join(", ", cards.Select(card => card.Name));

    private static string Capital(string text) => char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..];
}

// All checks of an installation, one after another; none of them changes anything.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Health;

/// <summary>Looks at a server as a whole.</summary>
/// <param name="services">The implementations.</param>
/// <param name="tree">The server.</param>
/// <param name="facts">What it is.</param>
/// <param name="program">bootserver's absolute path.</param>
internal sealed class ServerDoctor(Services services, ServerTree tree, ServerFacts facts, string program)
{
    /// <summary>Makes all checks. A check that cannot be made is a finding too, and the others are made all the same.</summary>
    internal async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancel)
    {
        using var catalogue = TryOpen(out var trouble);
        var machine = new MachineChecks(services, tree, facts, program);
        var sshd = new SshdChecks(services, tree, facts, program);
        var stores = new StoreChecks(services, tree, facts);
        List<Finding> findings =
        [
            .. machine.Tools(),
            .. await AllAsync("owners", () => machine.TreeAsync(cancel)),
            trouble ?? await OneAsync("catalogue", () => Task.FromResult(MachineChecks.Catalogue(catalogue!))),
            await OneAsync("space", () => Task.FromResult(machine.Space())),
            await OneAsync("copies", () => Task.FromResult(machine.Copies())),
            .. sshd.AuthorityKeys(),
            await OneAsync("host certificate", () => sshd.HostCertificateAsync(cancel)),
            await OneAsync("sshd", () => sshd.ConfigurationAsync(cancel)),
            await OneAsync("oracle", () => sshd.OracleAsync(cancel)),
        ];
        if (catalogue is null) return findings;
        findings.Add(await OneAsync("clock", () => Task.FromResult(machine.Clock(catalogue))));
        findings.Add(await OneAsync("revoked certificates", () => sshd.RevocationsAsync(catalogue, cancel)));
        if (facts.IsSystem) findings.AddRange(await AllAsync("users", () => stores.AccountsAsync(catalogue, cancel)));
        findings.AddRange(await AllAsync("stores", () => stores.FoldersAsync(catalogue, cancel)));
        findings.AddRange(await AllAsync("quota", () => stores.SpaceAsync(catalogue, cancel)));
        return findings;
    }

    private CatalogueFile? TryOpen(out Finding? trouble)
    {
        trouble = null;
        try
        {
            return tree.OpenCatalogue(services);
        }
        catch (Fault fault)
        {
            trouble = Finding.Of("catalogue", fault);
            return null;
        }
    }

    private static async Task<Finding> OneAsync(string check, Func<Task<Finding>> look) => (await AllAsync(check, async () => [await look()]))[0];

    private static async Task<IReadOnlyList<Finding>> AllAsync(string check, Func<Task<IReadOnlyList<Finding>>> look)
    {
        try
        {
            return await look();
        }
        catch (Fault fault)
        {
            return [Finding.Of(check, fault)];
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return [Finding.Fault(check, $"The system refused: {PlainText.Of(refusal.Message)}", "Check the file it names, its permissions and its file system.")];
        }
    }
}

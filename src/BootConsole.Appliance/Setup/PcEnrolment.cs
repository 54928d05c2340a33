// Gets a PC without a key one from its server, by a one-time code that neither is sent nor can be learned from what is sent (docs/security.md, "Enrolment").
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Appliance.Setup;

/// <summary>A key that a server has signed.</summary>
/// <param name="Private">The private key, as ssh-keygen writes it.</param>
/// <param name="Certificate">The certificate, as a line.</param>
/// <param name="HostAuthorities">The lines by which the server is known.</param>
internal sealed record EnrolledKey(byte[] Private, string Certificate, IReadOnlyList<string> HostAuthorities);

/// <summary>Enrols.</summary>
/// <param name="programs">Runs ssh-keygen.</param>
/// <param name="server">The address that takes enrolments.</param>
internal sealed class PcEnrolment(IProgramRunner programs, Uri server)
{
    private const int MostAnswerBytes = 64 << 10;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Makes a key and has it signed.</summary>
    /// <param name="pc">The PC's name.</param>
    /// <param name="code">The code, as it was typed.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="UsageFault">The code cannot be one.</exception>
    /// <exception cref="TransportFault">The server cannot be reached, or is no server for enrolments.</exception>
    /// <exception cref="RefusedFault">The server does not take the code, or does not know it itself.</exception>
    internal async Task<EnrolledKey> RunAsync(string pc, string code, CancellationToken cancel)
    {
        var proofKey = EnrolmentCode.Key(code, pc);
        var (secret, publicKey) = await MakeKeyAsync(cancel);
        var request = new EnrolmentRequest(pc, publicKey, EnrolmentProof.OfRequest(proofKey, pc, publicKey));
        var answer = await AskAsync(request, cancel);
        if (!EnrolmentProof.AreSame(EnrolmentProof.OfAnswer(proofKey, request.Proof, answer.Certificate, answer.HostAuthorities), answer.Proof))
            throw new RefusedFault("whatever answered is not the server that knows the code") { Which = server.ToString(), Remedy = "Somebody in this network may pass for the server: tell its administrator. The key was thrown away." };
        return new EnrolledKey(secret, answer.Certificate, answer.HostAuthorities);
    }

    // The memory of the boot environment is all there is; elsewhere the temporary folder is as private as the key's own.
    private async Task<(byte[] Private, string Public)> MakeKeyAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("bootconsole-");
        try
        {
            var file = Path.Combine(folder.FullName, "key");
            var made = await programs.RunAsync(new ProgramCall("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file), cancel);
            if (!made.Succeeded) throw new HostFault("a key cannot be made") { Which = "ssh-keygen", Found = PlainText.Of(made.Error.Trim()) };
            var words = (await File.ReadAllTextAsync(file + ".pub", cancel)).Split(' ', StringSplitOptions.TrimEntries);
            return (await File.ReadAllBytesAsync(file, cancel), $"{words[0]} {words[1]}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<EnrolmentAnswer> AskAsync(EnrolmentRequest request, CancellationToken cancel)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false }) { Timeout = Limit, MaxResponseContentBufferSize = MostAnswerBytes };
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, EnrolmentMessages.Default.EnrolmentRequest));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await client.PostAsync(server, content, cancel);
            if (response.StatusCode == HttpStatusCode.Forbidden)
                throw new RefusedFault("the server does not take this code for this PC") { Which = request.Pc, Remedy = "Codes count once, for a limited time and five tries: ask for a new one ('bootserver pc enrol' on the server), and check the PC's name." };
            if (!response.IsSuccessStatusCode) throw NoServer($"HTTP status {(int)response.StatusCode}", null);
            return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancel), EnrolmentMessages.Default.EnrolmentAnswer) ?? throw NoServer("nothing", null);
        }
        catch (JsonException damage)
        {
            throw NoServer("an answer that cannot be read", damage);
        }
        catch (HttpRequestException failure)
        {
            throw new TransportFault("the server cannot be reached", failure) { Which = server.ToString(), Found = PlainText.Of(failure.Message), Remedy = "See Tools, Network, and whether 'bootserver serve' runs.", MayPass = true };
        }
        catch (TaskCanceledException silence) when (!cancel.IsCancellationRequested)
        {
            throw new TransportFault("the server does not answer", silence) { Which = server.ToString(), Remedy = "See whether 'bootserver serve' runs.", MayPass = true };
        }
    }

    private TransportFault NoServer(string found, Exception? cause) => new("this is no server for enrolments", cause) { Which = server.ToString(), Found = found, Remedy = "Take the address that 'bootserver serve' shows, with /enrol behind it." };
}

// Gets a PC without a key one from its server, by a one-time code that neither is sent nor can be learned from what is sent (docs/security.md, "Enrolment").
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BootConsole.Appliance.Secrets;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Appliance.Setup;

/// <summary>A PC that has its key.</summary>
/// <param name="Pc">Its name.</param>
/// <param name="ServerAhead">The server's clock minus this PC's, to a second; null when nobody asked. Not proven: whoever is in the network can have said it.</param>
internal sealed record EnrolledPc(string Pc, TimeSpan? ServerAhead);

/// <summary>Enrols.</summary>
/// <param name="programs">Runs ssh-keygen.</param>
/// <param name="clock">This PC's clock.</param>
/// <param name="place">The server, and where the key goes.</param>
/// <param name="say">Told of each step as it begins.</param>
internal sealed class PcEnrolment(IProgramRunner programs, TimeProvider clock, EnrolmentPlace place, Action<string> say)
{
    private const int MostAnswerBytes = 64 << 10;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly EnrolmentFaults _faults = new(place);

    /// <summary>Makes a key, has it signed, and puts it where the settings want it.</summary>
    /// <param name="code">The code, as it was typed.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="UsageFault">The code cannot be one.</exception>
    /// <exception cref="TransportFault">The server cannot be reached, or is no server for enrolments.</exception>
    /// <exception cref="RefusedFault">The PC has a key; the server does not take the code, or does not know it itself, or is not that of the settings.</exception>
    internal async Task<EnrolledPc> RunAsync(SecretBytes code, CancellationToken cancel)
    {
        if (place.HasKey) throw new RefusedFault("this PC has a key already") { Which = place.IdentityFile, Remedy = "It is used as it is; remove it to enrol once more." };
        say("reckoning with the code");
        var proofKey = EnrolmentCode.Key(Encoding.UTF8.GetString(code.Span), place.Pc);
        cancel.ThrowIfCancellationRequested();
        say("making this PC's key");
        var (secret, publicKey) = await MakeKeyAsync(cancel);
        try
        {
            say($"asking {place.Address}, {Limit.TotalSeconds:0} seconds at most");
            var request = new EnrolmentRequest(place.Pc, publicKey, EnrolmentProof.OfRequest(proofKey, place.Pc, publicKey));
            var (answer, ahead) = await AskAsync(request, cancel);
            Check(proofKey, request, answer);
            Write(secret, answer.Certificate);
            return new EnrolledPc(place.Pc, ahead);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(proofKey);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    // The settings came over the network from whoever answered first; this answer comes from the server that knows the code.
    private void Check(byte[] proofKey, EnrolmentRequest request, EnrolmentAnswer answer)
    {
        if (!EnrolmentProof.AreSame(EnrolmentProof.OfAnswer(proofKey, request.Proof, answer.Certificate, answer.HostAuthorities), answer.Proof))
            throw _faults.Impostor();
        var known = answer.HostAuthorities.Select(EnrolmentPlace.KeyOf).ToHashSet();
        if (place.Authorities is { Count: > 0 } authorities && authorities.All(known.Contains)) return;
        throw EnrolmentFaults.OtherSettings();
    }

    private void Write(byte[] secret, string certificate)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place.IdentityFile)!);
        File.WriteAllText(place.IdentityFile + "-cert.pub", certificate + "\n");
        // The key last: with it, all is there.
        SecretFiles.WriteNew(place.IdentityFile, secret);
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

    private async Task<(EnrolmentAnswer Answer, TimeSpan? ServerAhead)> AskAsync(EnrolmentRequest request, CancellationToken cancel)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false }) { Timeout = Limit, MaxResponseContentBufferSize = MostAnswerBytes };
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, EnrolmentMessages.Default.EnrolmentRequest));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await client.PostAsync(place.Address, content, cancel);
            if (response.StatusCode == HttpStatusCode.Forbidden) throw _faults.Refused();
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable) throw _faults.Unable();
            if (!response.IsSuccessStatusCode) throw _faults.NoServer($"HTTP status {(int)response.StatusCode}", null);
            var answer = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancel), EnrolmentMessages.Default.EnrolmentAnswer) ?? throw _faults.NoServer("nothing", null);
            return (answer, response.Headers.Date - clock.GetUtcNow());
        }
        catch (JsonException damage)
        {
            throw _faults.NoServer("an answer that cannot be read", damage);
        }
        catch (HttpRequestException failure)
        {
            throw _faults.Unreachable(failure);
        }
        catch (TaskCanceledException silence) when (!cancel.IsCancellationRequested)
        {
            throw _faults.Silent(silence);
        }
    }
}

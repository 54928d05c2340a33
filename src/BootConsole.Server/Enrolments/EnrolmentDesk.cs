// Gives a PC that knows its code a certificate, once (docs/security.md, "Enrolment").
using System.Text.RegularExpressions;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Media.Building;
using BootConsole.Server.BootImages;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;

namespace BootConsole.Server.Enrolments;

/// <summary>Opens enrolments and answers PCs.</summary>
/// <param name="tree">The server.</param>
/// <param name="catalogue">Its catalogue.</param>
/// <param name="programs">Runs ssh-keygen.</param>
/// <param name="clock">The server's clock.</param>
internal sealed partial class EnrolmentDesk(ServerTree tree, CatalogueFile catalogue, IProgramRunner programs, TimeProvider clock)
{
    /// <summary>After so many wrong tries a code counts no more.</summary>
    internal const int MostTries = 5;

    /// <summary>Opens an enrolment.</summary>
    /// <returns>The code, which is kept nowhere, and until when it is taken.</returns>
    /// <exception cref="UsageFault">There is no such PC.</exception>
    /// <exception cref="RefusedFault">Its contract does not run, or allows no network boot.</exception>
    internal (string Code, DateTimeOffset Expires) Open(string pcName, TimeSpan valid)
    {
        var code = EnrolmentCode.New();
        var expires = clock.GetUtcNow() + valid;
        catalogue.Change("enrolment opened", pcName, changes =>
        {
            var pc = changes.Pc(pcName);
            BootImagePlan.CheckContract(changes.Contract(pc.Contract), MediumKind.Pxe, clock.GetUtcNow());
            changes.OpenEnrolment(pc.Id, EnrolmentCode.Key(code, pc.Name), expires);
        });
        return (code, expires);
    }

    /// <summary>Answers a PC.</summary>
    /// <returns>Null for every reason to refuse: whoever asks learns neither which PCs there are nor which are waited for.</returns>
    internal async Task<EnrolmentAnswer?> AnswerAsync(EnrolmentRequest request, CancellationToken cancel)
    {
        if (!PublicKey().IsMatch(request.PublicKey) || request.Pc.Length > 100 || request.Proof.Length > 100) return null;
        if (Take(request) is not var (enrolment, serial, imageBase)) return null;
        var certificate = await SignAsync(request, serial, cancel);
        catalogue.Change($"boot image {serial} issued by enrolment", request.Pc, changes => changes.AddBootImage(new BootImage
        {
            Serial = serial,
            Pc = changes.Pc(request.Pc).Name,
            KeyId = certificate.KeyId,
            PublicKey = certificate.PublicKey,
            Base = imageBase,
            Medium = MediumKind.Pxe.Name(),
            Mode = "network",
            Issued = clock.GetUtcNow(),
            ValidUntil = certificate.ValidUntil,
        }));
        var lines = HostAuthority.KnownHostsLines(tree, tree.ReadFacts().Host);
        return new EnrolmentAnswer(certificate.Text, lines, EnrolmentProof.OfAnswer(enrolment.Key, request.Proof, certificate.Text, lines));
    }

    // The code is spent, and the number taken, before anything is signed: of two that come with the same code one finds it gone.
    private (Enrolment Enrolment, long Serial, long? Base)? Take(EnrolmentRequest request)
    {
        if (catalogue.Read(rows => Find(rows, request.Pc)) is not var (_, known)) return null;
        var isRight = EnrolmentProof.AreSame(EnrolmentProof.OfRequest(known.Key, request.Pc, request.PublicKey), request.Proof);
        return catalogue.Change<(Enrolment, long, long?)?>(isRight ? "enrolled" : "enrolment with a wrong code refused", request.Pc, changes =>
        {
            if (Find(changes, request.Pc) is not var (pc, enrolment) || !enrolment.Key.AsSpan().SequenceEqual(known.Key)) return null;
            if (!isRight)
            {
                changes.CountWrongTry(pc.Id);
                if (enrolment.WrongTries + 1 >= MostTries) changes.CloseEnrolment(pc.Id);
                return null;
            }

            changes.CloseEnrolment(pc.Id);
            BootImagePlan.CheckContract(changes.Contract(pc.Contract), MediumKind.Pxe, clock.GetUtcNow());
            return (enrolment, changes.TakeSerial(), changes.Bases() is [.., var newest] ? newest.Id : null);
        });
    }

    private (Pc Pc, Enrolment Enrolment)? Find(CatalogueSession session, string name) =>
        session.FindPc(name) is { } pc && pc.Name == name && session.FindEnrolment(pc.Id) is { } enrolment && clock.GetUtcNow() < enrolment.Expires ? (pc, enrolment) : null;

    private async Task<PcCertificate> SignAsync(EnrolmentRequest request, long serial, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("bootserver-");
        try
        {
            var file = Path.Combine(folder.FullName, "key.pub");
            await File.WriteAllTextAsync(file, request.PublicKey + "\n", cancel);
            return await new UserAuthority(tree, programs, clock).SignAsync(file, request.Pc, serial, cancel);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The 51 bytes of an Ed25519 key as OpenSSH writes it (RFC 8709): type and length are always the same, and so are the first characters.
    [GeneratedRegex(@"^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}\z")]
    private static partial Regex PublicKey();
}

// Open enrolments: PCs that may get a key by a one-time code.
namespace BootConsole.Server.Catalogue;

/// <summary>An enrolment that is waited for.</summary>
/// <param name="Key">What the code becomes (<see cref="Core.EnrolmentCode.Key"/>).</param>
/// <param name="Expires">Until when it is taken.</param>
/// <param name="WrongTries">How often somebody came with a wrong code.</param>
internal sealed record Enrolment(byte[] Key, DateTimeOffset Expires, long WrongTries);

/// <summary>Reads and writes enrolments.</summary>
internal static class EnrolmentTable
{
    /// <summary>The enrolment of a PC; null when none is waited for.</summary>
    internal static Enrolment? FindEnrolment(this CatalogueSession session, long pc) => session.Rows(
        "SELECT * FROM enrolment WHERE pc = $pc", row => new Enrolment(Convert.FromHexString(row.Text("code_key")), row.Time("expires"), row.Number("wrong_tries")), ("pc", pc)).SingleOrDefault();

    /// <summary>Waits for one; an earlier code of the PC counts no more.</summary>
    internal static void OpenEnrolment(this CatalogueSession session, long pc, byte[] key, DateTimeOffset expires) => session.Execute(
        "INSERT OR REPLACE INTO enrolment (pc, code_key, expires, wrong_tries) VALUES ($pc, $key, $expires, 0)", ("pc", pc), ("key", Convert.ToHexStringLower(key)), ("expires", expires));

    /// <summary>Waits no more.</summary>
    internal static void CloseEnrolment(this CatalogueSession session, long pc) => session.Execute("DELETE FROM enrolment WHERE pc = $pc", ("pc", pc));

    /// <summary>Counts a wrong try.</summary>
    internal static void CountWrongTry(this CatalogueSession session, long pc) => session.Execute("UPDATE enrolment SET wrong_tries = wrong_tries + 1 WHERE pc = $pc", ("pc", pc));
}

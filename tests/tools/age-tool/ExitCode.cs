// How age-tool ended, as a number; documented in docs/codec.md and held by tests.
using BootConsole.Core;

namespace BootConsole.AgeTool;

internal enum ExitCode
{
    Success = 0,
    OtherFailure = 1,
    Usage = 2,
    HeaderFailure = 3,
    HmacFailure = 4,
    PayloadFailure = 5,
    NoMatch = 6,
    ArmorFailure = 7,
}

internal static class ExitCodes
{
    /// <summary>The code of a fault. A password that asks for too much work counts as a header failure, as in the published test vectors.</summary>
    internal static ExitCode Of(Fault fault) => fault switch
    {
        UsageFault => ExitCode.Usage,
        KeyFault => ExitCode.NoMatch,
        RefusedFault => ExitCode.HeaderFailure,
        CorruptFault corrupt => corrupt.Part switch
        {
            EncryptedPart.Header => ExitCode.HeaderFailure,
            EncryptedPart.HeaderMac => ExitCode.HmacFailure,
            EncryptedPart.Payload => ExitCode.PayloadFailure,
            EncryptedPart.Armor => ExitCode.ArmorFailure,
            _ => ExitCode.OtherFailure,
        },
        _ => ExitCode.OtherFailure,
    };
}

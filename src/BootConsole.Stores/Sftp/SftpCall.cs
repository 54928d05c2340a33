// One question to a server and its answer.
using System.Diagnostics;

namespace BootConsole.Stores.Sftp;

/// <summary>Waits for the answer to one request. Called on the channel's receiving thread: must be quick and must not throw, except for a broken protocol.</summary>
internal interface ISftpAnswerTaker
{
    /// <summary>The answer came.</summary>
    /// <exception cref="SftpBrokenException">It is not one that the request can have.</exception>
    void Answer(SftpPacketType type, SftpPacketReader body);

    /// <summary>No answer will come.</summary>
    void End(SftpEnd end);
}

/// <summary>An answer: a code and, when it is <see cref="SftpCode.Ok"/>, what was asked for.</summary>
internal readonly record struct SftpAnswer<T>(SftpCode Code, T? Value)
{
    /// <summary>True when the server did what was asked.</summary>
    internal bool IsOk => Code == SftpCode.Ok;
}

/// <summary>Takes the value out of an answer.</summary>
internal delegate T SftpParser<T>(ref SftpPacketReader body);

/// <summary>A request that is answered once, by a packet of one type or by a STATUS.</summary>
internal sealed class SftpCall<T>(SftpPacketType expected, SftpParser<T> parse, SftpChannel channel) : ISftpAnswerTaker
{
    // The receiving thread must not run what comes after the answer.
    private readonly TaskCompletionSource<SftpAnswer<T>> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _sentAt = Stopwatch.GetTimestamp();

    /// <summary>Ends with the answer, or with a transport fault.</summary>
    internal Task<SftpAnswer<T>> Task => _source.Task;

    /// <inheritdoc/>
    public void Answer(SftpPacketType type, SftpPacketReader body)
    {
        channel.NoteRoundTrip(Stopwatch.GetElapsedTime(_sentAt));
        _source.SetResult(type == SftpPacketType.Status ? Refused(SftpStatus.Take(ref body)) : Taken(type, body));
    }

    /// <inheritdoc/>
    public void End(SftpEnd end) => _source.SetException(end.ToFault());

    private SftpAnswer<T> Refused(SftpCode code) => code != SftpCode.Ok || expected == SftpPacketType.Status
        ? new SftpAnswer<T>(code, default)
        : throw new SftpBrokenException($"a plain OK where {expected} belongs");

    private SftpAnswer<T> Taken(SftpPacketType type, SftpPacketReader body) => type == expected
        ? new SftpAnswer<T>(SftpCode.Ok, parse(ref body))
        : throw new SftpBrokenException($"an answer of type {(byte)type} where {expected} belongs");
}

/// <summary>The STATUS answer.</summary>
internal static class SftpStatus
{
    /// <summary>Takes the code; the words behind it are the server's fixed ones for the code and say no more.</summary>
    internal static SftpCode Take(ref SftpPacketReader body) =>
        body.TakeUInt32() is var code && code <= (uint)SftpCode.Unsupported ? (SftpCode)code : SftpCode.Failure;
}

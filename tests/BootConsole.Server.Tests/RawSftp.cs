// SFTP by single requests, also those that no client of good manners sends (draft-ietf-secsh-filexfer-02; OpenSSH's PROTOCOL file, section 4).
using System.Buffers.Binary;
using System.Text;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

/// <summary>One session: a request, its answer, the next.</summary>
internal sealed class RawSftp : IAsyncDisposable
{
    /// <summary>Flags of OPEN.</summary>
    internal const uint Read = 1, Write = 2, Append = 4, Create = 8, Truncate = 0x10;

    private const byte Init = 1, OpenRequest = 3, WriteRequest = 6, Setstat = 9, Fsetstat = 10, Extended = 200, Status = 101, Handle = 102;
    private readonly PipedProgram _program;
    private uint _id;

    private RawSftp(PipedProgram program) => _program = program;

    /// <summary>Greets the server.</summary>
    internal static async Task<RawSftp> OpenAsync(PipedProgram program)
    {
        var session = new RawSftp(program);
        await session.SendAsync(Init, [0, 0, 0, 3]);
        await session.ReceiveAsync();
        return session;
    }

    /// <summary>Opens a file.</summary>
    /// <returns>Its handle; null when the server refuses.</returns>
    internal async Task<byte[]?> OpenFileAsync(string path, uint flags)
    {
        var (type, body) = await AskAsync(OpenRequest, path, flags, 0u);
        return type == Handle ? body[8..] : null;
    }

    /// <summary>Writes into an open file.</summary>
    internal Task<bool> WriteAsync(byte[] handle, ulong offset, string text) => DoAsync(WriteRequest, handle, offset, text);

    /// <summary>Sets attributes by a path: the flags of the draft's section 5, then their values.</summary>
    internal Task<bool> SetAsync(string path, params object[] attributes) => DoAsync(Setstat, [path, .. attributes]);

    /// <summary>Sets attributes of an open file.</summary>
    internal Task<bool> SetAsync(byte[] handle, params object[] attributes) => DoAsync(Fsetstat, [handle, .. attributes]);

    /// <summary>Asks for an extension.</summary>
    internal Task<bool> ExtendedAsync(string name, params object[] fields) => DoAsync(Extended, [name, .. fields]);

    /// <summary>Any request whose answer is a status.</summary>
    /// <returns>True when the server has done it.</returns>
    /// <exception cref="EndOfStreamException">The session has ended.</exception>
    internal async Task<bool> DoAsync(byte request, params object[] fields)
    {
        var (type, body) = await AskAsync(request, fields);
        return type == Status ? BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(4)) == 0 : throw new InvalidDataException($"an answer of type {type}");
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private async Task<(byte Type, byte[] Body)> AskAsync(byte request, params object[] fields)
    {
        using var packet = new MemoryStream();
        Put(packet, ++_id);
        foreach (var field in fields) Put(packet, field);
        await SendAsync(request, packet.ToArray());
        return await ReceiveAsync();
    }

    private async Task SendAsync(byte type, byte[] body)
    {
        using var packet = new MemoryStream();
        Put(packet, (uint)(body.Length + 1));
        packet.WriteByte(type);
        packet.Write(body);
        try
        {
            await _program.Input.WriteAsync(packet.ToArray());
        }
        catch (IOException broken)
        {
            throw new EndOfStreamException("the session has ended: " + _program.Errors, broken);
        }
    }

    private async Task<(byte Type, byte[] Body)> ReceiveAsync()
    {
        var length = new byte[4];
        await Eventually.EndsAsync(_program.Output.ReadExactlyAsync(length).AsTask());
        var packet = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await Eventually.EndsAsync(_program.Output.ReadExactlyAsync(packet).AsTask());
        return (packet[0], packet[1..]);
    }

    private static void Put(MemoryStream packet, object field)
    {
        Span<byte> number = stackalloc byte[8];
        switch (field)
        {
            case uint value:
                BinaryPrimitives.WriteUInt32BigEndian(number, value);
                packet.Write(number[..4]);
                break;
            case ulong value:
                BinaryPrimitives.WriteUInt64BigEndian(number, value);
                packet.Write(number);
                break;
            case string text:
                Put(packet, Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                Put(packet, (uint)bytes.Length);
                packet.Write(bytes);
                break;
            default:
                throw new ArgumentException("a field of another type");
        }
    }
}

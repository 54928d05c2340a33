// The files of a fake SFTP server, and what it says about them.
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using BootConsole.Stores.Sftp;

namespace BootConsole.Stores.Tests.Sftp;

/// <summary>Answers the requests of one channel as OpenSSH's sftp-server would. Files are shared by all channels of a fake server.</summary>
internal sealed class FakeServerFiles(Dictionary<string, List<byte>?> files, FakeServerOptions options)
{
    private readonly Dictionary<int, (string Path, bool IsListed)> _handles = [];
    private int _nextHandle;

    /// <summary>The packet that answers a request; its length field is left to the caller.</summary>
    internal byte[] Answer(byte[] request)
    {
        var type = (SftpPacketType)request[0];
        if (type == SftpPacketType.Init) return Version();
        var body = new SftpPacketReader(request.AsSpan(5));
        var answer = new AnswerBuilder(request.AsSpan(1, 4));
        try
        {
            lock (files) return Answer(type, ref body, answer);
        }
        catch (Exception cause) when (cause is KeyNotFoundException or NullReferenceException or SftpBrokenException or ArgumentException)
        {
            // A handle that this server spoiled itself on its way out.
            return new AnswerBuilder(request.AsSpan(1, 4)).Status(SftpCode.Failure);
        }
    }

    private byte[] Answer(SftpPacketType type, ref SftpPacketReader body, AnswerBuilder answer)
    {
        switch (type)
        {
            case SftpPacketType.Open: return Open(body.TakeText(), (SftpOpen)body.TakeUInt32(), answer);
            case SftpPacketType.Opendir: return Handle(body.TakeText(), isFolder: true, answer);
            case SftpPacketType.Readdir: return ReadFolder(HandleOf(ref body), answer);
            case SftpPacketType.Read: return Read(HandleOf(ref body), body.TakeUInt64(), body.TakeUInt32(), answer);
            case SftpPacketType.Write: return Write(HandleOf(ref body), body.TakeUInt64(), body.TakeBytes(), answer);
            case SftpPacketType.Stat or SftpPacketType.Lstat: return Attributes(body.TakeText(), answer);
            case SftpPacketType.Fstat: return Attributes(_handles[HandleOf(ref body)].Path, answer);
            case SftpPacketType.Mkdir: return answer.Status(files.TryAdd(body.TakeText(), null) ? SftpCode.Ok : SftpCode.Failure);
            case SftpPacketType.Remove or SftpPacketType.Rmdir: return answer.Status(files.Remove(body.TakeText()) ? SftpCode.Ok : SftpCode.NoSuchFile);
            case SftpPacketType.Rename: return Move(body.TakeText(), body.TakeText(), replaces: false, answer);
            case SftpPacketType.Extended: return Extended(body.TakeText(), ref body, answer);
            default: return answer.Status(SftpCode.Ok);
        }
    }

    private byte[] Version()
    {
        var answer = new AnswerBuilder([]);
        answer.Put(3u);
        foreach (var (name, version) in options.Extensions)
        {
            answer.Put(name);
            answer.Put(version);
        }

        return answer.Finish(SftpPacketType.Version);
    }

    private byte[] Extended(string name, ref SftpPacketReader body, AnswerBuilder answer)
    {
        switch (name)
        {
            case "limits@openssh.com":
                foreach (var limit in new ulong[] { 262144, options.BlockBytes, options.BlockBytes, 100 }) answer.Put(limit);
                return answer.Finish(SftpPacketType.ExtendedReply);
            case "statvfs@openssh.com":
                foreach (var field in new ulong[] { 4096, 4096, 1 << 20, 1 << 19, options.FreeBlocks, 1000, 500, 500, 1, 0, 255 }) answer.Put(field);
                return answer.Finish(SftpPacketType.ExtendedReply);
            case "posix-rename@openssh.com":
                return Move(body.TakeText(), body.TakeText(), replaces: true, answer);
            default:
                return answer.Status(SftpCode.Ok);
        }
    }

    private byte[] Open(string path, SftpOpen mode, AnswerBuilder answer)
    {
        if (mode.HasFlag(SftpOpen.Create) && !files.TryAdd(path, [])) return answer.Status(SftpCode.Failure);
        return Handle(path, isFolder: false, answer);
    }

    private byte[] Handle(string path, bool isFolder, AnswerBuilder answer)
    {
        if (!files.TryGetValue(path, out var file) || (isFolder && file is not null)) return answer.Status(SftpCode.NoSuchFile);
        _handles.Add(_nextHandle, (path, false));
        Span<byte> handle = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(handle, _nextHandle++);
        answer.Put(handle);
        return answer.Finish(SftpPacketType.Handle);
    }

    private byte[] ReadFolder(int handle, AnswerBuilder answer)
    {
        var (path, isListed) = _handles[handle];
        var below = files.Where(entry => entry.Key.StartsWith(path + "/", StringComparison.Ordinal) && !entry.Key[(path.Length + 1)..].Contains('/', StringComparison.Ordinal)).ToArray();
        if ((isListed && !options.ListsForEver) || below.Length + options.MoreNames.Count == 0) return answer.Status(SftpCode.EndOfFile);
        _handles[handle] = (path, true);
        var names = below.Select(entry => (Name: entry.Key[(path.Length + 1)..], File: entry.Value)).Concat(options.MoreNames.Select(name => (Name: name, File: (List<byte>?)[]))).ToArray();
        answer.Put((uint)names.Length);
        foreach (var (name, file) in names)
        {
            answer.Put(name);
            answer.Put("a line for people");
            PutAttributes(file, answer);
        }

        return answer.Finish(SftpPacketType.Name);
    }

    private byte[] Read(int handle, ulong offset, uint count, AnswerBuilder answer)
    {
        var file = files[_handles[handle].Path]!;
        if (offset >= (ulong)file.Count) return answer.Status(SftpCode.EndOfFile);
        var given = Math.Min(Math.Min((int)count, options.MostReadBytes), file.Count - (int)offset);
        answer.Put(file.GetRange((int)offset, given).ToArray());
        return answer.Finish(SftpPacketType.Data);
    }

    private byte[] Write(int handle, ulong offset, ReadOnlySpan<byte> bytes, AnswerBuilder answer)
    {
        if (options.RefusesWriteAt((long)offset)) return answer.Status(SftpCode.Failure);
        var file = files[_handles[handle].Path]!;
        var end = (int)offset + bytes.Length;
        if (file.Count < end) file.AddRange(new byte[end - file.Count]);
        bytes.CopyTo(CollectionsMarshal.AsSpan(file)[(int)offset..]);
        return answer.Status(SftpCode.Ok);
    }

    private byte[] Move(string from, string to, bool replaces, AnswerBuilder answer)
    {
        if (!files.TryGetValue(from, out var file)) return answer.Status(SftpCode.NoSuchFile);
        if (!replaces && files.ContainsKey(to)) return answer.Status(SftpCode.Failure);
        files.Remove(from);
        files[to] = file;
        return answer.Status(SftpCode.Ok);
    }

    private byte[] Attributes(string path, AnswerBuilder answer)
    {
        if (!files.TryGetValue(path, out var file)) return answer.Status(SftpCode.NoSuchFile);
        PutAttributes(file, answer);
        return answer.Finish(SftpPacketType.Attributes);
    }

    private static void PutAttributes(List<byte>? file, AnswerBuilder answer)
    {
        answer.Put(1u | 4u | 8u);
        answer.Put((ulong)(file?.Count ?? 4096));
        answer.Put(file is null ? 0x41EDu : 0x81A4u);
        answer.Put(1_700_000_000u);
        answer.Put(1_700_000_000u);
    }

    private static int HandleOf(ref SftpPacketReader body) => BinaryPrimitives.ReadInt32BigEndian(body.TakeBytes());
}

/// <summary>Puts an answer together; length first, then type and id.</summary>
internal sealed class AnswerBuilder(ReadOnlySpan<byte> id)
{
    private readonly List<byte> _bytes = [0, 0, 0, 0, 0, .. id];

    internal void Put(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    internal void Put(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    internal void Put(ReadOnlySpan<byte> bytes)
    {
        Put((uint)bytes.Length);
        _bytes.AddRange(bytes);
    }

    internal void Put(string text) => Put(Encoding.UTF8.GetBytes(text).AsSpan());

    internal byte[] Status(SftpCode code)
    {
        Put((uint)code);
        Put("words");
        Put("");
        return Finish(SftpPacketType.Status);
    }

    internal byte[] Finish(SftpPacketType type)
    {
        var packet = _bytes.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)packet.Length - 4);
        packet[4] = (byte)type;
        return packet;
    }
}

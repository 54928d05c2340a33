// Seeded damage to the answers of a server.
using System.Buffers.Binary;
using System.Text;

namespace BootConsole.Stores.Tests.Sftp;

/// <summary>
/// Spoils some answers of a session. Damage inside an answer leaves the session going; damage to what frames answers (length, id, order) is followed by the
/// end of the connection, because a client may rightly wait for ever for bytes that a length promises.
/// </summary>
internal sealed class AnswerSpoiler(int seed)
{
    private static readonly uint[] Extremes = [0, 1, 4, 255, 32768, 262144, 262145, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];
    private readonly Random _random = new(seed);
    // Some sessions are spoiled early, some late, some not at all.
    private int _untilSpoiled = new Random(~seed).Next(30);

    internal IEnumerable<byte[]?> Spoil(byte[] answer)
    {
        if (_untilSpoiled-- > 0) return [answer];
        if (_random.Next(3) > 0)
        {
            _untilSpoiled = _random.Next(15);
            return [SpoilInside(answer)];
        }

        return SpoilFrame(answer);
    }

    private byte[] SpoilInside(byte[] answer)
    {
        // The type at 4 may change, and the body behind the id; in the greeting there is no id, and so nothing to keep.
        var body = answer[4] == 2 ? 5 : 9;
        switch (_random.Next(4))
        {
            case 0:
                answer[4] = (byte)_random.Next(256);
                break;
            case 1 when answer.Length >= body + 4:
                BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(_random.Next(body, answer.Length - 3)), Extremes[_random.Next(Extremes.Length)]);
                break;
            case 2 when answer.Length > body:
                for (var count = _random.Next(1, 5); count > 0; count--) answer[_random.Next(body, answer.Length)] ^= (byte)(1 << _random.Next(8));
                break;
            default:
                // Shorter, with a length that says so: the packet ends in the middle of a field.
                answer = answer[..Math.Max(body, _random.Next(answer.Length))];
                BinaryPrimitives.WriteUInt32BigEndian(answer, (uint)answer.Length - 4);
                break;
        }

        return answer;
    }

    private byte[]?[] SpoilFrame(byte[] answer)
    {
        switch (_random.Next(7))
        {
            case 0:
                BinaryPrimitives.WriteUInt32BigEndian(answer, Extremes[_random.Next(Extremes.Length)]);
                return [answer, null];
            case 1:
                answer[_random.Next(5, Math.Min(9, answer.Length))] ^= (byte)(1 << _random.Next(8));
                return [answer, null];
            case 2:
                return [answer, answer, null];
            case 3:
                return [answer[.._random.Next(answer.Length)], null];
            case 4:
                return [Encoding.UTF8.GetBytes("Connection closed by the administrator\n"), null];
            case 5:
                var noise = new byte[_random.Next(1, 2000)];
                _random.NextBytes(noise);
                return [noise, null];
            default:
                return [null];
        }
    }
}

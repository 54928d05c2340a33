// The log of refusals: one line each, whatever a certificate has in its fields.
using System.Globalization;
using System.Text;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.Access;

/// <summary>Writes <c>log/authorize.log</c>.</summary>
internal static class RefusalLog
{
    private const int LongestField = 300;

    /// <summary>Adds a line. A log that cannot be written changes no answer: a refusal is one all the same.</summary>
    internal static void Write(string path, AccessRequest request, string reason, DateTimeOffset now, TimeSpan longest)
    {
        try
        {
            Task.Run(() => Append(path, Line(request, reason, now))).Wait(longest);
        }
        catch (AggregateException failure) when (failure.InnerException is SystemCallException)
        {
            // 'bootserver doctor' tells of it.
        }
    }

    /// <summary>The line.</summary>
    internal static string Line(AccessRequest request, string reason, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} refused user={Plain(request.User)} key={Plain(request.KeyId)} serial={Plain(request.Serial)} reason=\"{Text(reason)}\"\n");

    private static void Append(string path, string line)
    {
        using var file = LinuxFile.Open(path, OpenFor.Writing | OpenFor.Append | OpenFor.NoFollow);
        file.WriteAt(0, Encoding.UTF8.GetBytes(line));
    }

    // A blank or a quotation mark in a field would let it pass for the next one.
    private static string Plain(string text) => Text(text).Replace(' ', '?');

    private static string Text(string text) => PlainText.Of(text.Length > LongestField ? text[..LongestField] : text).Replace('"', '\'');
}

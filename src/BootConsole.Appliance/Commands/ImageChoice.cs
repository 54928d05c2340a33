// Which image a person means.
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Reads the image from the argument or the option.</summary>
internal static class ImageChoice
{
    /// <summary>Finds the image in the store, or among those that are published for this PC.</summary>
    /// <param name="session">The run.</param>
    /// <param name="store">The store.</param>
    /// <param name="latestOf">The PC whose newest image <c>latest</c> is; null for that of any PC.</param>
    internal static async Task<FoundImage> FindAsync(CommandSession session, IReadStore store, string? latestOf = null)
    {
        var (argument, option) = (session.Arguments.GetValue(CommonOptions.ImageArgument), session.Arguments.GetValue(CommonOptions.ImageOption));
        if (argument is not null && option is not null && argument != option) throw new UsageFault("the image is named twice") { Found = $"{argument} and {option}" };
        var text = argument ?? option ?? throw new UsageFault("no image was named") { Remedy = "Name it by its id, a unique prefix, or 'latest'; 'bootconsole images' lists them." };
        var found = await ImageList.FindAsync(store, text, text == "latest" ? latestOf : null, session.Cancel);
        if (found.Published is { } folder) session.Say($"{found.Id} is a published image ({StoreNames.Shared / folder}): it is read from there.");
        return found;
    }
}

// Somebody leans on the keyboard: nothing breaks, and nothing is overwritten that was not confirmed.
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Tests.Screens;

public sealed class KeyStormTests
{
    private static readonly KeyCode[] Codes = Enum.GetValues<KeyCode>();

    [Fact]
    public void A_hundred_thousand_random_keys_break_nothing_and_overwrite_nothing_unconfirmed()
    {
        HashSet<Type> seen = [], asked = [];
        for (var seed = 1; seed <= 8; seed++) Storm(seed, presses: 12_500, seen, asked);
        // A storm that stays in the harbour proves nothing.
        Assert.Empty(typeof(Screen).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Screen)) && !type.IsAbstract).Except(seen));
        Assert.Superset(new HashSet<Type> { typeof(RunRestore), typeof(RunBackup), typeof(RunVerify), typeof(RunDelete), typeof(CancelWork), typeof(PauseWork), typeof(SaveLog), typeof(RunShell), typeof(EnrolPc), typeof(BeginJob), typeof(Leave) }, asked);
    }

    private static void Storm(int seed, int presses, HashSet<Type> seen, HashSet<Type> asked)
    {
        var random = new Random(seed);
        var bench = new FakeWorkbench(random);
        var facts = (seed % 2 == 0 ? SampleFacts.WithStores : SampleFacts.Facts) with { IsBootImage = seed % 3 == 0 };
        if (seed % 4 == 2) facts = facts with { Enrolment = SampleFacts.Place, WaitingJob = seed == 2 ? SampleFacts.WaitingForKey.WaitingJob : "" };
        var assistant = (AssistantScreen)SampleScreens.All["assistant"].Screen;
        var (model, begun) = ConsoleModel.Begin(seed % 4 == 0 ? facts with { Assistant = assistant.Order } : facts, new TerminalSize(80, 25));
        foreach (var effect in begun) bench.Take(effect);
        for (var press = 0; press < presses; press++)
        {
            var before = model;
            var message = Draw(model, bench, random);
            try
            {
                (model, var effects) = model.Take(message);
                foreach (var effect in effects)
                {
                    if (effect is RunRestore restore) AssertConfirmed(before.Top, message, restore);
                    if (effect is RunDelete) Assert.True(before.Top is ImagesScreen { Deleting: not null } && message is KeyPressed { Key.Text: "y" or "Y" });
                    if (effect is EnrolPc or BeginJob) Assert.Equal(KeyCode.Enter, Assert.IsType<KeyPressed>(message).Key.Code);
                    asked.Add(effect.GetType());
                    bench.Take(effect);
                }

                seen.Add(model.Top.GetType());
                AssertValid(model);
                if (press % 7 == 0) _ = ConsoleView.Draw(model, press % 2 == 0 ? Look.Unicode : Look.Ascii).ToText();
            }
            catch (Exception end)
            {
                throw new InvalidOperationException($"seed {seed}, press {press}: {message} on {before.Top}", end);
            }
        }
    }

    private static Message Draw(ConsoleModel model, FakeWorkbench bench, Random random)
    {
        var answer = random.Next(3) == 0 ? bench.Next() : null;
        return answer ?? random.Next(200) switch
        {
            0 => new Resized(new TerminalSize(random.Next(1, 200), random.Next(1, 80))),
            1 => new Ticked(SampleFacts.Now.AddSeconds(random.Next(-1_000_000, 1_000_000))),
            _ => new KeyPressed(DrawKey(model.Top, random)),
        };
    }

    private static void AssertConfirmed(Screen screen, Message message, RunRestore restore)
    {
        var overwrite = Assert.IsType<OverwriteScreen>(screen);
        Assert.Equal(KeyCode.Enter, Assert.IsType<KeyPressed>(message).Key.Code);
        Assert.Same(overwrite.Order, restore.Order);
        Assert.Equal(restore.Order.Pairs.Select(pair => pair.Target.Info.OverwriteToken), restore.Tokens);
        Assert.Equal(restore.Tokens[^1], overwrite.Typed.Text.Trim());
    }

    private static void AssertValid(ConsoleModel model)
    {
        Assert.IsType<WelcomeScreen>(model.Screens[0]);
        Assert.InRange(model.Screens.Count, 1, 30);
        foreach (var screen in model.Screens.OfType<DisksScreen>()) Assert.InRange(screen.Chosen, 0, Math.Max(0, screen.Rows.Count - 1));
        foreach (var screen in model.Screens.OfType<ImagesScreen>().Where(screen => screen.Images is not null)) Assert.InRange(screen.Chosen, 0, Math.Max(0, screen.Images!.Count - 1));
        foreach (var screen in model.Screens.OfType<OverwriteScreen>()) Assert.InRange(screen.Typed.At, 0, screen.Typed.Text.Length);
        // Only refusals of the purpose count: nothing refused is ever marked or chosen.
        foreach (var order in model.Screens.OfType<OverwriteScreen>().Select(screen => screen.Order)) Assert.All(order.Pairs, pair => Assert.Empty(pair.Target.RestoreRefusal));
        foreach (var order in model.Screens.OfType<ConfirmScreen>().Select(screen => screen.Order)) Assert.All(order.Disks, disk => Assert.Empty(disk.BackupRefusal));
    }

    // By chance alone nobody ever types a serial number: now and then the storm types the next right character.
    private static Key DrawKey(Screen screen, Random random)
    {
        if (screen is OverwriteScreen { Plan: { } plan } overwrite && random.Next(10) > 0)
        {
            var token = plan.Targets[Math.Min(overwrite.Confirmed.Count, plan.Targets.Count - 1)].Token;
            if (!token.StartsWith(overwrite.Typed.Text, StringComparison.Ordinal)) return random.Next(2) == 0 ? KeyCode.Backspace : KeyCode.End;
            return overwrite.Typed.Text.Length == token.Length ? KeyCode.Enter : new Key(KeyCode.Character, token[overwrite.Typed.Text.Length].ToString());
        }

        // Every way out of the menu is gone.
        if (screen is WelcomeScreen && random.Next(2) == 0) return new Key(KeyCode.Character, "0123456789"[random.Next(10)].ToString());
        if (screen is TargetScreen && random.Next(3) == 0) return new Key(KeyCode.Character, "/");
        if (screen is EnrolScreen { Enrolled: null } && random.Next(2) == 0) return random.Next(12) == 0 ? KeyCode.Enter : new Key(KeyCode.Character, "7k3m-Oi "[random.Next(8)].ToString());
        if (screen is PasswordScreen && random.Next(2) == 0) return random.Next(3) == 0 ? KeyCode.Enter : new Key(KeyCode.Character, "a");
        return random.Next(10) switch
        {
            0 => new Key(KeyCode.Character, char.ConvertFromUtf32(random.Next(5) == 0 ? random.Next(0x1F300, 0x1F600) : random.Next(0xA0, 0x3000))),
            1 => new Key(KeyCode.Paste, new string('x', random.Next(10_000))),
            2 or 3 => KeyCode.Enter,
            4 or 5 => new Key(KeyCode.Character, "ypkcvsdlrgat 123"[random.Next(16)].ToString()),
            6 => KeyCode.Down,
            _ => Codes[random.Next(Codes.Length)] is var code && code == KeyCode.Escape && random.Next(2) == 0 ? KeyCode.Down : code == KeyCode.Character ? new Key(KeyCode.Character, "b") : code,
        };
    }
}

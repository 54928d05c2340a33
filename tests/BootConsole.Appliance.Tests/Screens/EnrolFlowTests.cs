// What the way to a key lets through, and in which order.
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Setup;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Tests.Screens;

public sealed class EnrolFlowTests
{
    private static readonly TerminalSize Size = new(80, 25);

    [Fact]
    public void What_needs_the_server_begins_after_the_way_to_the_key_was_left()
    {
        var offered = ((AssistantScreen)SampleScreens.All["assistant"].Screen).Order;
        var (model, begun) = ConsoleModel.Begin(SampleFacts.Keyless with { Assistant = offered }, Size);
        Assert.IsType<EnrolScreen>(model.Top);
        Assert.Equal([new LookForKey(SampleFacts.Place)], begun);
        var (after, effects) = model.Take(new KeyPressed(KeyCode.Escape));
        Assert.IsType<AssistantScreen>(after.Top);
        Assert.Contains(effects, effect => effect is OpenTheStore);
    }

    [Fact]
    public void A_code_that_is_whole_is_sent_once_and_zeroed_when_the_key_is_there()
    {
        var model = Typed("7k3m-oqwe rt5x");
        var code = ((EnrolScreen)model.Top).Code;
        Assert.Equal("7K3M0QWERT5X", code.Text.ToString());
        (model, var effects) = model.Take(new KeyPressed(KeyCode.Enter));
        Assert.Same(code, Assert.IsType<EnrolPc>(Assert.Single(effects)).Code);
        Assert.Empty(model.Take(new KeyPressed(KeyCode.Enter)).Effects);
        // The answer to another screen's code is none to this one's.
        (model, _) = model.Take(new EffectFailed(new EnrolPc(SampleFacts.Place, new TypedSecret()), SampleFacts.Trouble));
        Assert.Null(((EnrolScreen)model.Top).Trouble);
        (model, effects) = model.Take(new EnrolmentSeen(new EnrolledPc("office-pc", null)));
        Assert.Contains(new ForgetSecret(code), effects);
        Assert.Contains(new OpenTheStore(SampleFacts.Server, IsForBackup: false), effects);
        Assert.Null(model.Facts.Enrolment);
        (model, _) = model.Take(new KeyPressed(KeyCode.Escape));
        Assert.IsType<WelcomeScreen>(model.Top);
    }

    [Fact]
    public void A_key_that_came_although_it_was_given_up_is_taken_all_the_same()
    {
        var (model, _) = Typed("7K3M0QWERT5X").Take(new KeyPressed(KeyCode.Enter));
        (model, var effects) = model.Take(new KeyPressed(KeyCode.Escape));
        Assert.Equal([new LookForKey(SampleFacts.Place)], effects);
        (model, _) = model.Take(new EnrolmentSeen(new EnrolledPc("office-pc", null)));
        Assert.NotNull(((EnrolScreen)model.Top).Enrolled);
    }

    [Fact]
    public void Leaving_zeroes_what_was_typed()
    {
        var model = Typed("7k3m");
        Assert.Equal([new ForgetSecret(((EnrolScreen)model.Top).Code)], model.Take(new KeyPressed(KeyCode.Escape)).Effects);
    }

    private static ConsoleModel Typed(string text)
    {
        var (model, _) = ConsoleModel.Begin(SampleFacts.Keyless, Size);
        foreach (var character in text) (model, _) = model.Take(new KeyPressed(new Key(KeyCode.Character, character.ToString())));
        return model;
    }
}

// Typed text against a plain string, and typed secrets, which leave nothing behind.
using System.Text;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Terminal;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Appliance.Tests.Terminals;

public sealed class TypingTests
{
    private static readonly Gen<Key> Keys = Gen.Frequency(
        (4, Gen.Elements("a", "b", "é", "日", "😀", "👍").Select(text => new Key(KeyCode.Character, text))),
        (1, from parts in Gen.Elements("paste ", "日本", "😀").ListOf() select new Key(KeyCode.Paste, string.Concat(parts))),
        (5, Gen.Elements(KeyCode.Left, KeyCode.Right, KeyCode.Home, KeyCode.End, KeyCode.Backspace, KeyCode.Delete, KeyCode.F5, KeyCode.Insert).Select(code => new Key(code))));

    [Fact]
    public void A_field_does_with_every_key_what_a_list_of_characters_does() => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Arb.From(Keys.ListOf()), keys =>
    {
        var field = new TextField();
        List<Rune> model = [];
        var at = 0;
        foreach (var key in keys)
        {
            field = field.Take(key);
            switch (key.Code)
            {
                case KeyCode.Character or KeyCode.Paste:
                    model.InsertRange(at, key.Text.EnumerateRunes());
                    at += key.Text.EnumerateRunes().Count();
                    break;
                case KeyCode.Left:
                    at = Math.Max(0, at - 1);
                    break;
                case KeyCode.Right:
                    at = Math.Min(model.Count, at + 1);
                    break;
                case KeyCode.Home:
                    at = 0;
                    break;
                case KeyCode.End:
                    at = model.Count;
                    break;
                case KeyCode.Backspace when at > 0:
                    model.RemoveAt(--at);
                    break;
                case KeyCode.Delete when at < model.Count:
                    model.RemoveAt(at);
                    break;
            }

            Assert.Equal((string.Concat(model), string.Concat(model.Take(at)).Length), (field.Text, field.At));
        }
    }));

    [Fact]
    public void The_window_shows_the_cursor_and_whole_characters_only() => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Arb.From(from keys in Keys.ListOf() from width in Gen.Choose(1, 20) select (keys, width)), sample =>
    {
        var field = sample.keys.Aggregate(new TextField(), (current, key) => current.Take(key));
        var (text, column) = field.Window(sample.width);
        Assert.InRange(TextCells.Width(text), 0, sample.width);
        Assert.InRange(column, 0, sample.width);
        Assert.Contains(text, field.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Rune.ReplacementChar, text.EnumerateRunes());
    }));

    [Theory]
    [InlineData("x")]
    [InlineData("日")]
    [InlineData("😀")]
    public void Ten_thousand_pasted_characters_fill_a_field_and_split_nothing(string character)
    {
        var field = TextField.Of("a").Take(new Key(KeyCode.Paste, string.Concat(Enumerable.Repeat(character, 10_000))));
        Assert.InRange(field.Text.Length, TextField.MaxLength - 1, TextField.MaxLength);
        Assert.DoesNotContain(Rune.ReplacementChar, field.Text.EnumerateRunes());
        // More goes nowhere, in the middle as at the end.
        Assert.Equal(field.Text.Length, field.Take(KeyCode.Left).Take(new Key(KeyCode.Character, "😀")).Take(new Key(KeyCode.Paste, "more")).Text.Length, tolerance: 1);
        Assert.InRange(TextCells.Width(field.Window(40).Text), 1, 40);
    }

    [Fact]
    public void A_secret_is_zeroed_when_it_is_cleared_and_wherever_it_grows_shorter()
    {
        var secret = new TypedSecret();
        secret.Append("pässword 😀");
        var memory = Memory(secret);
        secret.RemoveLast();
        Assert.Equal("pässword ", secret.Text.ToString());
        Assert.Equal("pässword \0\0", new string(memory[..11]));
        secret.Clear();
        Assert.Equal(0, secret.Length);
        Assert.All(memory, character => Assert.Equal('\0', character));
        Assert.Equal("(secret)", secret.ToString());
    }

    [Fact]
    public void A_secret_that_is_full_takes_no_half_character()
    {
        var secret = new TypedSecret();
        secret.Append(new string('x', 255) + "😀😀");
        Assert.Equal(new string('x', 255), secret.Text.ToString());
        using var bytes = secret.ToBytes();
        Assert.Equal(255, bytes.Span.Length);
        secret.Append(new string('y', 10_000));
        Assert.True(secret.IsFull);
        var other = new TypedSecret();
        other.Append(new string('x', 255) + "y");
        Assert.True(secret.IsSameAs(other));
        other.RemoveLast();
        Assert.False(secret.IsSameAs(other));
    }

    private static char[] Memory(TypedSecret secret) => (char[])typeof(TypedSecret).GetField("_characters", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(secret)!;
}

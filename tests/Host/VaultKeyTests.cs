using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Tests.Host;

/// <summary>The cipher of a stream, and the file of the keys that wrap its key.</summary>
public class VaultKeyTests
{
    private static readonly Guid First = new("11111111-1111-5111-8111-111111111111");
    private static readonly Guid Second = new("22222222-2222-5222-8222-222222222222");

    private static Gen<string> Values => Gen.Sized(size => ValueOf(Math.Min(size, 4)));

    [Fact]
    public void Whatever_is_sealed_opens_to_the_same_bytes_and_is_sealed_to_the_same_bytes_again() =>
        Prop.ForAll(Arb.From(Values), json =>
        {
            var plain = Encoding.UTF8.GetBytes(json);
            using var cipher = Cipher("complaint/1");
            using var again = Cipher("complaint/1");
            var given = cipher.Seal(First, "complaint_closed", plain);
            return given == again.Seal(First, "complaint_closed", plain) && again.TryOpen(First, "complaint_closed", given, out var opened) && opened.AsSpan().SequenceEqual(plain);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void It_opens_for_its_own_event_type_stream_and_centre_alone_and_not_once_a_bit_is_another()
    {
        using var cipher = Cipher("complaint/1");
        var given = cipher.Seal(First, "complaint_closed", "{}"u8);
        Assert.True(cipher.TryOpen(First, "complaint_closed", given, out _));
        Assert.False(cipher.TryOpen(Second, "complaint_closed", given, out _));
        Assert.False(cipher.TryOpen(First, "complaint_reviewed", given, out _));
        using var otherStream = Cipher("complaint/2");
        using var otherCentre = Cipher("complaint/1", "other");
        Assert.False(otherStream.TryOpen(First, "complaint_closed", given, out _));
        Assert.False(otherCentre.TryOpen(First, "complaint_closed", given, out _));
        var bytes = Convert.FromBase64String(given);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(cipher.TryOpen(First, "complaint_closed", Convert.ToBase64String(bytes), out _));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void No_two_events_share_a_nonce()
    {
        using var cipher = Cipher("complaint/1");
        var nonces = Enumerable.Range(0, 1_000).SelectMany(i => new[] { cipher.Seal(Guid.NewGuid(), "complaint_closed", "{}"u8), cipher.Seal(First, "complaint_closed", Encoding.UTF8.GetBytes($"{i}")) })
            .Select(s => Convert.ToHexString(Convert.FromBase64String(s), 1, 12));
        Assert.Equal(2_000, nonces.Distinct().Count());
    }

    [Theory]
    [InlineData("", "holds no key")]
    [InlineData("# nothing\n\n", "holds no key")]
    [InlineData("c2hvcnQ=\n", "line 1, is no key")]
    [InlineData("# first\n!!!!AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "line 2, is no key")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "line 3, holds the key")]
    public void A_faulty_key_file_says_where_and_never_what_stands_there(string text, string reason)
    {
        var path = Path.Combine(TestFolders.New(), "keys");
        File.WriteAllText(path, text);
        var refused = Assert.Throws<VaultClosedException>(() => new KeyFile(path).Read());
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAAAAAA", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_that_is_not_there_is_named_and_one_that_others_can_read_is_noticed()
    {
        var path = Path.Combine(TestFolders.New(), "keys");
        Assert.Contains($"{path} cannot be read: there is none", Assert.Throws<VaultClosedException>(() => new KeyFile(path).Read()).Message, StringComparison.Ordinal);
        File.WriteAllText(path, $"\uFEFF# mine\r\n {KeyRing.NewLine()} \r\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.True(new KeyFile(path).IsReadableByOthers);
        using var ring = new KeyFile(path).Read();
        Assert.Matches("^[0-9a-f]{8}$", ring.First);
    }

    [Fact]
    public void Of_all_who_make_the_file_at_once_one_does_and_none_has_ever_read_another()
    {
        for (var round = 0; round < 50; round++)
        {
            var (folder, read) = (TestFolders.New(), new System.Collections.Concurrent.ConcurrentBag<string>());
            using var together = new Barrier(4);
            var makers = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                var file = new KeyFile(Path.Combine(folder, KeyFile.DefaultName), mayMake: true);
                together.SignalAndWait();
                file.Make();
                using var ring = file.Read();
                read.Add(ring.First);
            })).ToList();
            makers.ForEach(m => m.Start());
            makers.ForEach(m => m.Join());
            Assert.Equal((4, 1), (read.Count, read.Distinct().Count()));
            Assert.Single(Directory.EnumerateFiles(folder));
        }
    }

    [Fact]
    public void A_key_is_unwrapped_for_its_own_stream_alone_and_by_another_key_not_at_all()
    {
        var (mine, key) = (KeyRing.NewLine(), Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        using var ring = KeyRing.Read(Encoding.ASCII.GetBytes(mine), "keys");
        using var other = KeyRing.Read(Encoding.ASCII.GetBytes(KeyRing.NewLine()), "keys");
        var wrapped = ring.Wrap(key, "hall", "complaint/1");
        Assert.True(ring.TryUnwrap(ring.First, wrapped, "hall", "complaint/1", out var unwrapped));
        Assert.Equal(key, unwrapped);
        Assert.Throws<VaultBrokenException>(() => ring.TryUnwrap(ring.First, wrapped, "hall", "complaint/2", out _));
        Assert.False(other.TryUnwrap(ring.First, wrapped, "hall", "complaint/1", out _));
    }

    [Fact]
    public async Task Files_made_at_once_are_one_file()
    {
        var file = new KeyFile(Path.Combine(TestFolders.New(), KeyFile.DefaultName), mayMake: true);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(file.Make)));
        using var ring = file.Read();
        Assert.Single(ring.Ids);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file.Path!)!));
    }

    private static StreamCipher Cipher(string stream, string centre = "hall") => new([.. Enumerable.Repeat((byte)7, 32)], centre, stream);

    private static Gen<string> ValueOf(int depth) => depth == 0
        ? Gen.OneOf(Texts, Gen.Choose(-1_000_000, 1_000_000).Select(n => $"{n}"), Gen.Elements("null", "true", "1.25e-7"))
        : Gen.OneOf(Texts, Gen.ListOf(ValueOf(depth - 1)).Select(l => $"[{string.Join(',', l)}]"), Gen.ListOf(Texts.Zip(ValueOf(depth - 1))).Select(l => $"{{{string.Join(',', l.Select(m => $"{m.Item1}:{m.Item2}"))}}}"));

    private static Gen<string> Texts => Gen.ListOf(Gen.Elements("a", "姓", "\u0001", "\"", "\\", "😀", "é")).Select(l => JsonSerializer.Serialize(string.Concat(l)));
}

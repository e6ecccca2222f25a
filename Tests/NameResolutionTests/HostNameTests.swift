import NameResolution
import Testing

@Suite("Host names")
struct HostNameTests {
    @Test(
        "A name is compared in lower case, without final dot, with Route 53's escapes decoded",
        arguments: [
            ("App.Example.ORG.", "app.example.org"),
            ("app.example.org", "app.example.org"),
            (#"\052.example.org."#, "*.example.org"),
            (#"\101pp.example.org"#, "app.example.org"),
            (#"a\137b\057c"#, "a_b/c"),
            ("", ""), (".", ""), ("a..", "a."),
        ])
    func normalizes(name: String, normal: String) {
        #expect(normalizedHostName(name) == normal)
    }

    @Test(
        "An escape that is malformed, or whose character would be misread, is kept",
        arguments: [
            #"\"#, #"a\"#, #"\05"#, #"\05x"#, #"\09a"#, #"\777"#, #"\400"#, #"\x2a"#, #"a\056b"#, #"a\134052"#,
            #"\000"#,
            #"\012"#, #"\040"#, #"\177"#, #"\303\244"#,
        ])
    func keeps(name: String) {
        #expect(normalizedHostName(name) == name)
    }

    @Test("The normal form is its own normal form", arguments: [#"\134052.A."#, #"\056\052"#, #"\\052"#, "Ä.É.org"])
    func idempotent(name: String) {
        let once = normalizedHostName(name)
        #expect(normalizedHostName(once) == once)
    }

    @Test("Only ASCII letters change their case: the Kelvin sign is no k")
    func kelvinSign() {
        #expect(Array(normalizedHostName("\u{212A}.org").utf8) == Array("\u{212A}.org".utf8))
    }
}

import NameResolution
import Testing

@Suite("Host names")
struct HostNameTests {
    @Test(
        "A name is compared in lower case, without final dot",
        arguments: [
            ("App.Example.ORG.", "app.example.org"),
            ("app.example.org", "app.example.org"),
            ("", ""), (".", ""), ("a..", "a."),
        ])
    func normalizes(name: String, normal: String) {
        #expect(normalizedHostName(name) == normal)
    }

    @Test("Only ASCII letters change their case: the Kelvin sign is no k")
    func kelvinSign() {
        #expect(Array(normalizedHostName("\u{212A}.org").utf8) == Array("\u{212A}.org".utf8))
    }
}

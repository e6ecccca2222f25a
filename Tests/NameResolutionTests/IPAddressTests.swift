import NameResolution
import Testing

@Suite("IP addresses")
struct IPAddressTests {
    @Test(
        "A text becomes the address that prints as its shortest form",
        arguments: [
            ("10.0.0.1", "10.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"),
            ("::1", "::1"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::ffff:10.0.0.1", "10.0.0.1"),
            ("fe80::1", "fe80::1"),
        ])
    func parses(text: String, printed: String) {
        #expect(IPAddress(text)?.description == printed)
    }

    @Test(
        "What is no address is refused",
        arguments: [
            "", "10.0.0", "10.0.0.256", "127.1", "0x7f000001", "10.0.0.1 ", " 10.0.0.1", "10.0.0.1\0", "::1%lo",
            "[::1]",
            "1::2::3", "localhost",
        ])
    func refuses(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("Only 4 and 16 bytes are an address")
    func byteCounts() {
        for count in 0...20 {
            let bytes = (0..<count).map { UInt8($0) }
            #expect(IPAddress(bytes: bytes)?.bytes == ([4, 16].contains(count) ? bytes : nil))
        }
    }

    @Test("An IPv4-mapped address is its IPv4 address")
    func mapped() throws {
        let plain = try #require(IPAddress("192.0.2.7"))
        let mapped = try #require(IPAddress(bytes: Array(repeating: 0, count: 10) + [0xff, 0xff, 192, 0, 2, 7]))
        #expect(plain == mapped && plain.hashValue == mapped.hashValue)
        #expect(mapped.isIPv4 && mapped.bytes == [192, 0, 2, 7])
        let compatible = try #require(IPAddress("::192.0.2.7"))
        #expect(compatible != plain && !compatible.isIPv4)
    }

    @Test("The order is total and that of the bytes")
    func order() {
        let sorted = ["::1", "1.2.3.4", "10.0.0.2", "10.0.0.10", "2001:db8::1", "2001:db8::1:0", "ffff::"]
        #expect(sorted.compactMap { IPAddress($0) }.shuffled().sorted().map(\.description) == sorted)
    }

    @Test("A resolved name holds each address once, sorted, and a normal canonical name")
    func resolvedName() {
        let addresses = ["10.0.0.2", "::ffff:10.0.0.1", "10.0.0.1", "2001:db8::1", "10.0.0.2"].compactMap {
            IPAddress($0)
        }
        let name = ResolvedName(canonicalName: "LB.Example.org.", addresses: addresses)
        #expect(name.canonicalName == "lb.example.org")
        #expect(name.addresses.map(\.description) == ["10.0.0.1", "10.0.0.2", "2001:db8::1"])
    }
}

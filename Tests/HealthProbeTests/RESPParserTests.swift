import HealthProbe
import Testing

@Suite struct RESPParserTests {
    static let replies: [(text: String, value: RESPValue)] = [
        ("+OK\r\n", .simple("OK")), ("+\r\n", .simple("")), ("+a b\u{1}é\r\n", .simple("a b???")),
        ("-READONLY You can't\r\n", .error(RedisError("READONLY You can't"))), ("-ERR\r\n", .error(RedisError("ERR"))),
        (":0\r\n", .integer(0)), (":-7\r\n", .integer(-7)), (":+7\r\n", .integer(7)),
        (":9223372036854775807\r\n", .integer(.max)), (":-9223372036854775808\r\n", .integer(.min)),
        ("$-1\r\n", .null), ("*-1\r\n", .null), ("$0\r\n\r\n", .bulk([])), ("$3\r\na\r\n\r\n", .bulk([97, 13, 10])),
        ("*0\r\n", .array([])), ("*2\r\n:1\r\n$1\r\nx\r\n", .array([.integer(1), .bulk([120])])),
        (
            "*3\r\n*1\r\n*0\r\n$-1\r\n*2\r\n+a\r\n-b c\r\n",
            .array([.array([.array([])]), .null, .array([.simple("a"), .error(RedisError("b c"))])])
        ),
        (
            "+" + String(repeating: "x", count: 300) + "\r\n",
            .simple(String(repeating: "x", count: 256) + "…")
        ),
        (nested(8), nestedValue(8)),
    ]

    /// An array in an array, as many levels as that; the last one has none.
    static func nested(_ levels: Int) -> String { String(repeating: "*1\r\n", count: levels - 1) + "*0\r\n" }

    static func nestedValue(_ levels: Int) -> RESPValue {
        (1..<levels).reduce(.array([])) { value, _ in .array([value]) }
    }

    /// All that comes out of pieces, and why no more does.
    static func parse(_ pieces: [ArraySlice<UInt8>]) -> (values: [RESPValue], violation: RESPParser.Violation?) {
        var parser = RESPParser()
        var values: [RESPValue] = []
        do {
            for piece in pieces {
                parser.append(Array(piece))
                while let value = try parser.next() { values.append(value) }
            }
            return (values, nil)
        } catch { return (values, error) }
    }

    @Test("Each kind of reply, whole, cut anywhere, and byte by byte", arguments: replies)
    func pieces(_ text: String, _ value: RESPValue) {
        let bytes = Array(text.utf8)
        #expect(Self.parse([bytes[...]]).values == [value])
        #expect(Self.parse(bytes.indices.map { bytes[$0...$0] }).values == [value])
        for cut in bytes.indices {
            let (values, violation) = Self.parse([bytes[..<cut], bytes[cut...]])
            guard values == [value], violation == nil else {
                Issue.record("cut at \(cut): \(values), \(String(describing: violation))")
                return
            }
        }
    }

    @Test("A reply that has not come whole is none, and what follows one is kept for the next")
    func incomplete() throws {
        var parser = RESPParser()
        #expect(parser.isEmpty)
        parser.append(Array("+OK\r\n$2\r\na".utf8))
        #expect(try parser.next() == .simple("OK"))
        #expect(try parser.next() == nil)
        #expect(!parser.isEmpty)
        parser.append(Array("b\r\n".utf8))
        #expect(try parser.next() == .bulk([97, 98]))
        #expect(parser.isEmpty)
        #expect(try parser.next() == nil)
    }

    @Test(
        "What is no reply is refused, and what comes after it as well",
        arguments: [
            "HTTP/1.1 200 OK", "\r\n", "%1\r\n", "\u{15}\u{3}\u{1}", "+OK\n", "+OK\rx", ":\r\n", ":x\r\n", ":1.0\r\n",
            ": 1\r\n", ":9223372036854775808\r\n", "$-2\r\n", "$x\r\n", "$\r\n", "$65537\r\n", "$1\r\nab\r\n",
            "$1\r\na\rx", "*-2\r\n", "*1025\r\n", "*99999999999999999999\r\n", "*1\r\nx", nested(9),
            "*1023\r\n" + String(repeating: ":1\r\n", count: 1022) + "*1\r\n:1\r\n",
            "+" + String(repeating: "x", count: 65_536), "+" + String(repeating: "x", count: 65_534) + "\r\n",
            "*2\r\n$65000\r\n" + String(repeating: "x", count: 65_000) + "\r\n$600\r\n"
                + String(repeating: "x", count: 600),
        ])
    func violations(_ text: String) {
        let bytes = Array(text.utf8)
        let whole = Self.parse([bytes[...]])
        #expect(whole.values.isEmpty)
        #expect(whole.violation != nil)
        let byByte = Self.parse(bytes.indices.map { bytes[$0...$0] })
        #expect(byByte.values.isEmpty)
        #expect(byByte.violation != nil)
        var parser = RESPParser()
        parser.append(bytes)
        #expect(throws: RESPParser.Violation.self) { try parser.next() }
        parser.append(Array("+OK\r\n".utf8))
        #expect(throws: RESPParser.Violation.self) { try parser.next() }
    }

    @Test(
        "What is no reply is refused as soon as that is known",
        arguments: [
            ("HTTP", 1), ("+OK\n", 4), ("+OK\rx", 5), ("$65537\r\n", 8), ("*1025\r\n", 7), ("$1\r\nab\r", 7),
            ("*1\r\n*1\r\nx", 9), (nested(9), 33), ("+" + String(repeating: "x", count: 65_536), 65_537),
        ])
    func early(_ text: String, _ length: Int) {
        let bytes = Array(text.utf8)
        #expect(Self.parse([bytes[..<(length - 1)]]).violation == nil)
        #expect(Self.parse([bytes[..<length]]).violation != nil)
    }

    @Test("Each reply has its own elements, however many came before")
    func large() {
        let array = Array(("*1000\r\n" + String(repeating: "+\r\n", count: 1000)).utf8)
        let (values, violation) = Self.parse([(array + array + array)[...]])
        #expect(values.count == 3)
        #expect(violation == nil)
    }

    @Test("The longest reply that is taken has 64 KB, and the largest array 1,023 elements")
    func longest() {
        let array = "*1023\r\n" + String(repeating: ":1\r\n", count: 1023)
        #expect(
            Self.parse([Array(array.utf8)[...]]).values == [.array(Array(repeating: .integer(1), count: 1023))])
        let text = "$\(65_536 - 10)\r\n" + String(repeating: "x", count: 65_536 - 10) + "\r\n"
        #expect(text.utf8.count == 65_536)
        #expect(Self.parse([Array(text.utf8)[...]]).values.count == 1)
    }

    @Test("A command is an array of strings, and reads as that")
    func commands() {
        #expect(respCommand(["SET", "é", ""]) == Array("*3\r\n$3\r\nSET\r\n$2\r\né\r\n$0\r\n\r\n".utf8))
        #expect(
            Self.parse([respCommand(["GET", "a"])[...]]).values
                == [.array([.bulk(Array("GET".utf8)), .bulk(Array("a".utf8))])])
    }

    @Test("An error's code is its first word")
    func codes() {
        for (message, code) in [("MOVED 1 a:1", "MOVED"), ("ERR", "ERR"), ("", ""), (" x", "")] {
            #expect(RedisError(message).code == code)
        }
    }
}

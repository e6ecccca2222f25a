import JSON
import Testing

@Suite("JSON texts")
struct JSONValueTests {
    static func parse(_ text: String) throws(JSONError) -> JSONValue { try JSONValue(parsing: text.utf8) }

    static let values: [JSONValue] = [
        nil, true, false, 0, -1, .integer(.max), .integer(.min), "", "a", [], [:], [[]], [nil], ["": ""],
        .real(0.1), .real(-0.0), .real(0.1 + 0.2), .real(1e300), .real(.leastNonzeroMagnitude), .real(1e16), .real(100),
        .real(.greatestFiniteMagnitude), .string("\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}\u{2028}ä€😀\0é"),
        ["z": 1, "a": [1, "two", ["b": nil, "a": .real(2.5)]], "m": true],
    ]

    @Test("What was written reads the same again", arguments: values)
    func roundTrip(value: JSONValue) throws {
        let text = value.serialized()
        let again = try JSONValue(parsing: text)
        #expect(again == value)
        #expect(again.serialized() == text)
    }

    static let texts: [(JSONValue, String)] = [
        (["z": 1, "a": [nil, true]], #"{"z":1,"a":[null,true]}"#), (.real(0.1), "0.1"), (.real(2), "2.0"),
        (.real(1e16), "1e+16"), (.real(.infinity), "null"), (.real(.nan), "null"), (.real(-.infinity), "null"),
        ("a\"\\/\n\r\t\0\u{1f}ä", #""a\"\\/\n\r\t\u0000\u001fä""#), ([], "[]"), ([:], "{}"),
    ]

    @Test("The text is compact, keeps the order of members and escapes no more than it must", arguments: texts)
    func writes(value: JSONValue, text: String) {
        #expect(String(decoding: value.serialized(), as: UTF8.self) == text)
    }

    static let forms: [(String, JSONValue)] = [
        (" null\n", nil), ("12", 12), ("-0", 0), ("1.0", .real(1)), ("1e2", .real(100)), ("1E-2", .real(0.01)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        (#""\u00e4\ud83d\ude00\/\b\f\u0000""#, "ä😀/\u{8}\u{c}\0"), (#"{"b":1,"a":2}"#, ["b": 1, "a": 2]),
        ("[1 , [ ] ]", [1, []]),
    ]

    @Test("Each form of a value is read", arguments: forms)
    func reads(text: String, value: JSONValue) throws {
        #expect(try Self.parse(text) == value)
    }

    static let damaged = [
        "{", "[1,]", #"{"a":1,}"#, "[1 2]", "nul", "NaN", "Infinity", "'a'", "01", "+1", ".5", "1.", "0x1", "1 2",
        "{a:1}", "\"a", "\"\t\"", #""\x""#, #""\ud800""#, #""\udc00\ud800""#, #""\ud800a""#, #""\u12""#, "// x",
        "\u{feff}1", #"{"a":1,"a":1}"#, #"{"a":{"b":1,"b":2}}"#, #"{"a\u0000":1}"#, "9223372036854775808",
        "-9223372036854775809", "1e999", "-1e999", " ",
    ]

    @Test(
        "What is quoted of a text that is not JSON does not tear a line",
        arguments: ["\u{18}", "\u{85}", "\u{2028}", "x\u{7F}"])
    func quotation(text: String) {
        let error = #expect(throws: JSONError.self) { try Self.parse(text) }
        let categories: [Unicode.GeneralCategory] = [.control, .lineSeparator, .paragraphSeparator]
        #expect(error?.reason.unicodeScalars.contains { categories.contains($0.properties.generalCategory) } == false)
    }

    @Test("What is not JSON is refused, with the place in the text", arguments: damaged)
    func refuses(text: String) {
        let error = #expect(throws: JSONError.self) { try Self.parse(text) }
        #expect(error?.description.hasPrefix("not JSON (line 1, column ") == true, "\(error as Any)")
    }

    @Test("A NUL ends no text, but is refused", arguments: ["\0", "1\0", "1\0}", "[\0]", "\"\0\""])
    func nul(text: String) {
        let error = #expect(throws: JSONError.self) { try Self.parse(text) }
        #expect(error?.reason.hasPrefix("not JSON: NUL at byte ") == true)
    }

    @Test("An empty text is refused in words of its own")
    func empty() {
        #expect(throws: JSONError(path: "", reason: "not JSON: the text is empty")) { try Self.parse("") }
    }

    static let notUTF8: [[UInt8]] = [
        [0xff], [0x80], [0xc0, 0x80], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
        [0xf8, 0x88, 0x80, 0x80, 0x80],
    ]

    @Test("Bytes that are not UTF-8 are refused, wherever they stand", arguments: notUTF8)
    func invalidUTF8(bytes: [UInt8]) {
        let quote = [UInt8(ascii: "\"")]
        #expect(throws: JSONError.self) { try JSONValue(parsing: quote + bytes + quote) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(#"{""#.utf8) + bytes + Array(#"":1}"#.utf8)) }
    }

    @Test("Nesting is followed to 2,048 levels and refused beyond")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        let deepest = try Self.parse(nested(2048))
        #expect(String(decoding: deepest.serialized(), as: UTF8.self) == nested(2048))
        #expect(throws: JSONError.self) { try Self.parse(nested(2049)) }
        #expect(throws: JSONError.self) { try Self.parse(String(repeating: #"{"a":"#, count: 100_000)) }
    }

    @Test("The largest event of a Lambda function is read and written")
    func large() throws {
        let row: JSONValue = ["id": 123_456_789, "name": "ä\n\"quoted\"", "ratio": .real(0.125), "tags": ["a", nil]]
        let value = JSONValue.array(Array(repeating: row, count: 6_291_456 / row.serialized().count))
        let text = value.serialized()
        #expect(text.count > 6_000_000)
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test("A member is found by its name, in objects only")
    func lookUp() {
        let value: JSONValue = ["a": 1, "b": nil]
        #expect(value["a"] == 1 && value["b"] == .null && value["c"] == nil)
        #expect(JSONValue.array([1])["a"] == nil)
    }
}

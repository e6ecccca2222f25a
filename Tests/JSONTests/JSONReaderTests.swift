import JSON
import Testing

@Suite("Reading a configuration")
struct JSONReaderTests {
    static let document: JSONValue = [
        "watches": [
            ["name": "a", "confirmations": 2, "weight": .real(0.5), "dryRun": true, "targets": ["eu-west-1": "x"]],
            ["name": 5, "confirmations": .real(1.5), "weight": "1", "dryRun": "true", "targets": ["a"], "none": nil],
        ]
    ]

    static func watch(_ index: Int) throws -> JSONReader {
        try JSONReader(document).required("watches").array()[index]
    }

    @Test("Values of the right kind are read")
    func reads() throws {
        let watch = try Self.watch(0)
        #expect(watch.path == "watches[0]")
        #expect(try watch.required("name").string() == "a")
        #expect(try watch.required("confirmations").integer(in: 1...2) == 2)
        #expect(try watch.required("confirmations").number(in: 0...2) == 2)
        #expect(try watch.required("weight").number(in: 0...1) == 0.5)
        #expect(try watch.required("dryRun").bool())
        let missing = try watch.member("missing")
        #expect(missing == nil)
        let targets = try watch.required("targets").members()
        #expect(targets.map(\.name) == ["eu-west-1"])
        #expect(targets.map(\.reader.path) == [#"watches[0].targets["eu-west-1"]"#])
        try watch.refuseMembers(except: ["targets", "dryRun", "weight", "confirmations", "name", "more"])
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let read: @Sendable (JSONReader) throws -> Void

        init(_ message: String, _ read: @escaping @Sendable (JSONReader) throws -> Void) {
            testDescription = message
            self.read = read
        }
    }

    static let mistakes = [
        Mistake("watches[1].name: must be a string, not a number") { _ = try $0.required("name").string() },
        Mistake("watches[1].none: must be a string, not null") { _ = try $0.required("none").string() },
        Mistake("watches[1].dryRun: must be true or false, not a string") { _ = try $0.required("dryRun").bool() },
        Mistake("watches[1].confirmations: must be a whole number, not 1.5") {
            _ = try $0.required("confirmations").integer(in: 0...9)
        },
        Mistake("watches[1].weight: must be a whole number, not a string") {
            _ = try $0.required("weight").integer(in: 0...9)
        },
        Mistake("watches[1].weight: must be a number, not a string") {
            _ = try $0.required("weight").number(in: 0...9)
        },
        Mistake("watches[1].name: must be from 6 to 9, not 5") { _ = try $0.required("name").integer(in: 6...9) },
        Mistake("watches[1].name: must be from 1 to 4, not 5") { _ = try $0.required("name").integer(in: 1...4) },
        Mistake("watches[1].name: must be from 0.0 to 4.5, not 5.0") {
            _ = try $0.required("name").number(in: 0...4.5)
        },
        Mistake("watches[1].name: must be an array, not a number") { _ = try $0.required("name").array() },
        Mistake("watches[1].targets: must be an object, not an array") { _ = try $0.required("targets").members() },
        Mistake("watches[1].targets: must be an object, not an array") { _ = try $0.required("targets").member("x") },
        Mistake("watches[1].targets: must be an object, not an array") {
            try $0.required("targets").refuseMembers(except: [])
        },
        Mistake("watches[1].targets[0]: must be an object, not a string") {
            _ = try $0.required("targets").array()[0].required("x")
        },
        Mistake("watches[1].dnsName: is required") { _ = try $0.required("dnsName") },
        Mistake(#"watches[1]["a b"]: is required"#) { _ = try $0.required("a b") },
        Mistake(#"watches[1][""]: is required"#) { _ = try $0.required("") },
        Mistake(#"watches[1]["\n"]: is required"#) { _ = try $0.required("\n") },
        Mistake("watches[1]: is odd") { throw $0.error("is odd") },
        Mistake("watches[1].confirmations: is not known here; allowed are weight, name") {
            try $0.refuseMembers(except: ["weight", "name"])
        },
    ]

    @Test("A mistake is told with its place and what would be right", arguments: mistakes)
    func refuses(mistake: Mistake) throws {
        let watch = try Self.watch(1)
        let error = #expect(throws: JSONError.self) { try mistake.read(watch) }
        #expect(error?.description == mistake.testDescription)
    }

    @Test("A document has the name that it was given, or none")
    func root() {
        let named = #expect(throws: JSONError.self) { try JSONReader([1], path: "WATCHES").array()[0].bool() }
        #expect(named?.description == "WATCHES[0]: must be true or false, not a number")
        let nameless = #expect(throws: JSONError.self) { try JSONReader(nil).array() }
        #expect(nameless?.description == "must be an array, not null")
    }
}

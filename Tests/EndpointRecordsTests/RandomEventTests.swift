import EndpointRecords
import JSON
import Testing

/// Whatever an invocation brings, it is read to its end, and no more of it is kept than fits in a line.
@Suite("Events of any kind") struct RandomEventTests {
    private static let messages = [
        #"{"ElastiCache:FailoverComplete":"rg-001","Cache Cluster ID":"rg-002","Replication Group ID":"rg"}"#,
        "ElastiCache:ReplicationGroupPromotedAsPrimary : rg", #"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#,
    ]
    private static let pieces = [
        "{", "}", "\"", "'", ":", ",", " ", "\n", "\u{0}", "\\", "\\u0000", "ElastiCache:", "é", "e\u{301}", "👩‍🚀",
        "\u{202E}", "[", "]", "null", String(repeating: "x", count: 300),
    ]
    private static let keys = [
        "Records", "Sns", "Message", "Subject", "EventSource", "source", "detail-type", "detail", "resources",
        "Replication Group ID",
    ]

    private static func text(using random: inout SeededRandom) -> String {
        var characters = Array(messages.randomElement(using: &random) ?? "")
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            let place = Int.random(in: 0...characters.count, using: &random)
            if Bool.random(using: &random) {
                characters.insert(contentsOf: pieces.randomElement(using: &random) ?? "", at: place)
            } else {
                characters.removeSubrange(place..<min(characters.count, place + Int.random(in: 0...9, using: &random)))
            }
        }
        return String(characters)
    }

    private static func value(depth: Int, using random: inout SeededRandom) -> JSONValue {
        switch Int.random(in: 0..<(depth == 0 ? 5 : 9), using: &random) {
        case 0: return nil
        case 1: return .integer(.random(in: -2...2, using: &random))
        case 2: return .string("aws.elasticache")
        case 3: return .string("Scheduled Event")
        case 4: return .string(text(using: &random))
        case 5, 6:
            return .array(
                (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth - 1, using: &random) })
        default:
            return .object(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    .init(keys.randomElement(using: &random) ?? "", value(depth: depth - 1, using: &random))
                })
        }
    }

    /// All text that was taken out of it.
    private static func quotations(_ notice: ClusterNotice) -> [String] {
        func names(_ names: ClusterNames) -> [String] { names.others + [names.group].compactMap(\.self) }
        switch notice {
        case .schedule, .direct, .unreadable: return []
        case .bridged(let type, let all): return names(all) + [type]
        case .otherSource(let source, let type): return [source, type]
        case .messages(let messages):
            return messages.flatMap { message -> [String] in
                switch message {
                case .event(let event): names(event.names) + [event.name]
                case .other(let beginning), .unreadable(.notJSON(let beginning)): [beginning]
                case .test, .unreadable: []
                }
            }
        }
    }

    @Test("Any of them is read, and only its beginning kept", arguments: 0..<20)
    func anything(run: UInt64) {
        var random = SeededRandom(seed: 0xE4E7_0000 + run)
        for _ in 0..<100 {
            let message = ClusterNoticeTests.notification(Self.text(using: &random))
            for event in [message, Self.value(depth: 4, using: &random)] {
                let notice = ClusterNotice(event: event)
                for text in Self.quotations(notice) {
                    #expect(text.unicodeScalars.count <= 201, "seed \(run)")
                    #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control }, "seed \(run)")
                }
                for group in ["rg", nil] {
                    if case .ignore(let reasons) = notice.response(for: group) {
                        #expect(!reasons.isEmpty, "seed \(run)")
                        #expect(reasons.allSatisfy { !$0.words.isEmpty }, "seed \(run)")
                    }
                }
            }
        }
    }
}

import EndpointRecords
import JSON
import Testing

@Suite("Events") struct ClusterNoticeTests {
    typealias Event = ClusterNotice.Event
    typealias Message = ClusterNotice.Message

    static func notification(_ messages: String..., subject: JSONValue? = nil) -> JSONValue {
        let records = messages.map { message -> JSONValue in
            let notification: JSONValue = [
                "Type": "Notification", "MessageId": "m", "TopicArn": "arn:aws:sns:us-east-1:123456789012:cluster",
                "Message": .string(message), "Timestamp": "2026-11-21T12:00:00.000Z",
            ]
            return [
                "EventSource": "aws:sns", "EventVersion": "1.0",
                "Sns": notification.adding(subject.map { [.init("Subject", $0)] } ?? []),
            ]
        }
        return ["Records": .array(records)]
    }

    static func event(_ name: String, _ others: String..., group: String? = nil) -> Message {
        .event(Event(name: name, names: .init(group: group, others: others)))
    }

    @Test(
        "A message is read in every form that it comes in",
        arguments: [
            (#"{"ElastiCache:FailoverComplete":"rg-001"}"#, event("FailoverComplete", "rg-001")),
            (
                #" {"Cache Cluster ID":"rg-002","Replication Group ID":"rg","ElastiCache:FailoverComplete":"rg-001"}"#,
                event("FailoverComplete", "rg-001", "rg-002", group: "rg")
            ),
            (
                "ElastiCache:ReplicationGroupPromotedAsPrimary : rg",
                event("ReplicationGroupPromotedAsPrimary", "rg")
            ),
            ("ElastiCache:SnapshotComplete:rg-001", event("SnapshotComplete", "rg-001")),
            (" \"ElastiCache:SnapshotComplete\" : \"rg-001\" \n", event("SnapshotComplete", "rg-001")),
            ("'ElastiCache:SnapshotComplete': 'rg-001'", event("SnapshotComplete", "rg-001")),
            ("ElastiCache:SnapshotComplete", event("SnapshotComplete")),
            ("ElastiCache:SnapshotComplete : ", event("SnapshotComplete")),
            // An object for want of a quote.
            (#"{"ElastiCache:FailoverComplete : "rg-001"}"#, event("FailoverComplete", "rg-001")),
            (
                #"{ElastiCache:FailoverComplete:rg-001, Cache Cluster ID: rg-002}"#,
                event("FailoverComplete", "rg-001")
            ),
            (#"{"ElastiCache:Later":["rg"],"Replication Group ID":7}"#, event("Later")),
            (#"{"ElastiCache:Later":""}"#, event("Later")),
            (#"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#, .test),
            ("hello", .other("hello")), ("", .other("")), ("ElastiCache:", .other("ElastiCache:")),
            ("elasticache", .other("elasticache")), (#"{"a":"ElastiCache:b"}"#, .other(#"{"a":"ElastiCache:b"}"#)),
            (#"{"ElastiCache:":"rg"}"#, .other(#"{"ElastiCache:":"rg"}"#)), ("{}", .other("{}")),
        ])
    func forms(text: String, expected: Message) {
        #expect(ClusterNotice(event: Self.notification(text)) == .messages([expected]))
    }

    @Test("The sample of Lambda's console is a test")
    func sample() {
        #expect(
            ClusterNotice(event: Self.notification("example message", subject: "TestInvoke")) == .messages([.test]))
    }

    @Test("One event brings several messages, each in a form of its own")
    func several() {
        let notice = ClusterNotice(
            event: Self.notification("ElastiCache:A : rg", "x", #"{"ElastiCache:B":"rg-001"}"#))
        #expect(notice == .messages([Self.event("A", "rg"), .other("x"), Self.event("B", "rg-001")]))
    }

    @Test("EventBridge brings schedules, events of ElastiCache, and those of others")
    func bridge() {
        #expect(
            ClusterNotice(event: ["source": "aws.events", "detail-type": "Scheduled Event", "detail": [:]]) == .schedule
        )
        let arn: JSONValue = "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:rg"
        #expect(
            ClusterNotice(event: ["source": "aws.elasticache", "detail-type": "Failover", "resources": [arn, 7]])
                == .bridged("Failover", names: .init(others: ["rg"])))
        let detail: JSONValue = ["Replication Group ID": "rg"]
        #expect(
            ClusterNotice(event: ["source": "aws.elasticache", "detail-type": "Failover", "detail": detail])
                == .bridged("Failover", names: .init(group: "rg")))
        #expect(
            ClusterNotice(event: ["source": "aws.ec2", "detail-type": "State-change"])
                == .otherSource("aws.ec2", detailType: "State-change"))
    }

    @Test(
        "Whatever else is an object, or nothing, is an invocation by hand",
        arguments: [JSONValue.null, [:], ["a": 1], ["source": "me"], ["source": 1, "detail-type": 2], ["Sns": "x"]])
    func direct(event: JSONValue) {
        #expect(ClusterNotice(event: event) == .direct)
    }

    static let unreadableEvents: [(JSONValue, ClusterNotice)] = [
        (JSONValue.string("x"), ClusterNotice.unreadable(reason: .notAnObject("a string"))),
        (7, .unreadable(reason: .notAnObject("a number"))), ([], .unreadable(reason: .notAnObject("an array"))),
        (["Records": [:]], .unreadable(reason: .noRecords)),
        (["Records": []], .unreadable(reason: .noRecords)),
        (["Records": .array(Array(repeating: .null, count: 101))], .unreadable(reason: .tooManyRecords(101))),
        (
            ["Records": [["eventSource": "aws:sqs", "body": "x"], nil, ["Sns": ["Message": 7]], ["Sns": "x"]]],
            .messages([
                .unreadable(.noMessage(source: "aws:sqs")), .unreadable(.noMessage(source: nil)),
                .unreadable(.noMessage(source: nil)), .unreadable(.noMessage(source: nil)),
            ])
        ),
        (
            notification(String(repeating: "x", count: 262_145)),
            .messages([.unreadable(.messageTooLong(bytes: 262_145))])
        ),
    ]

    @Test("What cannot be read is said to be so, and ends nothing", arguments: unreadableEvents)
    func unreadable(event: JSONValue, expected: ClusterNotice) {
        #expect(ClusterNotice(event: event) == expected)
    }

    @Test(
        "A message that begins like JSON and is none is unreadable",
        arguments: ["{", "{\"a\"", "{\"a\":1,\"a\":2}", "{\u{0}}", String(repeating: "{\"a\":", count: 5000)])
    func brokenJSON(text: String) {
        guard case .messages(let messages) = ClusterNotice(event: Self.notification(text)),
            case .unreadable(.notJSON)? = messages.first
        else {
            Issue.record("it was read")
            return
        }
        #expect(messages.count == 1)
    }

    @Test("What it quotes of others is short and on one line")
    func quoting() {
        let name = String(repeating: "é\n", count: 1000)
        guard
            case .messages(let messages) = ClusterNotice(
                event: Self.notification("ElastiCache:\(name) : \(name)", name)),
            case .event(let event)? = messages.first, case .other(let beginning)? = messages.last
        else {
            Issue.record("it was not read")
            return
        }
        for text in [event.name, beginning] + event.names.others {
            #expect(text.unicodeScalars.count == 201)
            #expect(!text.contains("\n"))
        }
    }

    @Test(
        "What names another group, and only such, is no reason to look at ours",
        arguments: [
            (["rg"], nil, true), (["rg-001"], nil, true), (["RG-0001-001"], nil, true), ([], nil, true),
            (["rg2"], nil, false), (["other-001"], nil, false), (["rg2", "rg-001"], nil, true),
            (["rg-001"], "rg", true), (["rg-2-001"], "rg-2", false), (["other"], "Rg", true), ([], "other", false),
        ] as [([String], String?, Bool)])
    func naming(others: [String], group: String?, isOurs: Bool) {
        let names = ClusterNames(group: group, others: others)
        #expect(names.mayConcern("rg") == isOurs)
        let event = Event(name: "FailoverComplete", names: names)
        #expect(
            ClusterNotice.messages([.event(event)]).response(for: "rg")
                == (isOurs ? .reconcile : .ignore([.otherGroup(event: "FailoverComplete", names: names)])))
        #expect(ClusterNotice.messages([.event(event)]).response(for: nil) == .reconcile)
        let bridged = ClusterNotice.bridged("x", names: names)
        #expect(
            bridged.response(for: "rg") == (isOurs ? .reconcile : .ignore([.otherGroup(event: "x", names: names)])))
    }

    @Test("One message of several that is about us is enough")
    func oneOfSeveral() {
        let other = Self.event("FailoverComplete", "other-001")
        let notice = ClusterNotice.messages([.test, other, Self.event("FailoverComplete", "rg-001"), .other("x")])
        #expect(notice.response(for: "rg") == .reconcile)
    }

    @Test("Unknown events, tests, and what cannot be read are ignored, each with its reason")
    func ignoring() {
        let notice = ClusterNotice.messages([
            Self.event("SomethingNew", "rg"), .test, .other("hello"), .unreadable(.messageTooLong(bytes: 1)),
        ])
        #expect(
            notice.response(for: "rg")
                == .ignore([
                    .unknownEvent("SomethingNew"), .test, .otherMessage("hello"),
                    .unreadable(.messageTooLong(bytes: 1)),
                ]))
        #expect(
            ClusterNotice.otherSource("a", detailType: "b").response(for: "rg")
                == .ignore([.otherSource("a", detailType: "b")]))
        #expect(ClusterNotice.unreadable(reason: .noRecords).response(for: nil) == .ignore([.unreadable(.noRecords)]))
        for notice in [ClusterNotice.direct, .schedule] { #expect(notice.response(for: "rg") == .reconcile) }
    }

    @Test(
        "The events that AWS names are known, whatever they are about",
        arguments: [
            "FailoverComplete", "TestFailoverApiCalled", "ReplicationGroupPromotedAsPrimary", "AddCacheNodeComplete",
            "RemoveCacheNodeComplete", "CacheNodeReplaceComplete", "DeleteCacheClusterComplete", "SnapshotComplete",
            "ReplicationGroupIncreaseReplicaCountFinished", "ServiceUpdateAvailableForNode",
        ])
    func known(name: String) {
        #expect(ClusterNotice.messages([Self.event(name, "rg-001")]).response(for: "rg") == .reconcile)
    }
}

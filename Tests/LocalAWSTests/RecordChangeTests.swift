import Foundation
import Testing

@testable import LocalAWS

/// What Route 53 takes of a change batch, and what it refuses in which words: programs read them.
@Suite struct RecordChangeTests {
    private static let zone = "hostedzone/Z0LOCALPROMOTER/rrset/"

    private static func change(
        _ action: String, _ name: String, to value: String = "a.example.net", ttl: Int = 10, weight: Int? = nil,
        type: String = "CNAME"
    ) -> String {
        let routing = weight.map { "<SetIdentifier>rg-001</SetIdentifier><Weight>\($0)</Weight>" } ?? ""
        return "<Change><Action>\(action)</Action><ResourceRecordSet><Name>\(name)</Name><Type>\(type)</Type>\(routing)"
            + "<TTL>\(ttl)</TTL><ResourceRecords><ResourceRecord><Value>\(value)</Value></ResourceRecord>"
            + "</ResourceRecords></ResourceRecordSet></Change>"
    }

    private func send(_ changes: [String], _ aws: LocalAWS) async throws -> (status: Int, body: String) {
        try await aws.route53(
            "POST", Self.zone,
            "<ChangeResourceRecordSetsRequest><ChangeBatch><Changes>\(changes.joined())</Changes></ChangeBatch>"
                + "</ChangeResourceRecordSetsRequest>")
    }

    private func records(_ aws: LocalAWS) -> [String: [String]] {
        let all = aws.world.snapshot.zones["Z0LOCALPROMOTER"]?.records ?? []
        return Dictionary(all.filter { $0.type == "CNAME" }.map { ($0.name.description, $0.values) }) { $0 + $1 }
    }

    struct Refusal: Sendable {
        var changes: [String]
        var message: String
    }

    @Test(
        "What does not fit what is there is refused in AWS's words, and changes nothing",
        arguments: [
            Refusal(
                changes: [change("CREATE", "read1.example.com")],
                message: "[Tried to create resource record set [name='read1.example.com.', type='CNAME'] but it "
                    + "already exists]"),
            Refusal(
                changes: [change("DELETE", "read2.example.com")],
                message: "[Tried to delete resource record set [name='read2.example.com.', type='CNAME'] but it was "
                    + "not found]"),
            Refusal(
                changes: [change("DELETE", "read1.example.com", to: "b.example.net")],
                message: "[Tried to delete resource record set [name='read1.example.com.', type='CNAME'] but the "
                    + "values provided do not match the current values]"),
            Refusal(
                changes: [change("DELETE", "read1.example.com", ttl: 11)],
                message: "[Tried to delete resource record set [name='read1.example.com.', type='CNAME'] but the "
                    + "values provided do not match the current values]"),
            Refusal(
                changes: [change("DELETE", "read.example.com", weight: 2)],
                message: "[Tried to delete resource record set [name='read.example.com.', type='CNAME', "
                    + "set-identifier='rg-001'] but the values provided do not match the current values]"),
            Refusal(
                changes: [change("DELETE", "read.example.com")],
                message: "[Tried to delete resource record set [name='read.example.com.', type='CNAME'] but it was "
                    + "not found]"),
            Refusal(
                changes: [change("CREATE", "read2.example.com"), change("UPSERT", "read1.example.org")],
                message: "[RRSet with DNS name read1.example.org. is not permitted in zone example.com.]"),
            Refusal(
                changes: [change("DELETE", "notexample.com")],
                message: "[RRSet with DNS name notexample.com. is not permitted in zone example.com.]"),
            Refusal(
                changes: [change("UPSERT", "example.com")],
                message: "[RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone "
                    + "example.com.]"),
            Refusal(
                changes: [change("UPSERT", "read1.example.com", to: "192.0.2.1", type: "A")],
                message: "[RRSet of type A with DNS name read1.example.com. is not permitted as it conflicts with "
                    + "other records with the same DNS name in zone example.com.]"),
            Refusal(
                changes: [
                    change("UPSERT", "read2.example.com"), change("UPSERT", "read2.example.com", to: "b.example.net"),
                ],
                message: "[The request contains an invalid set of changes for a resource record set "
                    + "'UPSERT CNAME read2.example.com.']"),
        ])
    func refusal(_ refusal: Refusal) async throws {
        let aws = try LocalAWS.sample()
        let there = [Self.change("CREATE", "read1.example.com"), Self.change("CREATE", "read.example.com", weight: 1)]
        #expect(try await send(there, aws).status == 200)
        let before = records(aws)
        let answer = try await send(refusal.changes, aws)
        #expect(answer.status == 400)
        #expect(answer.body.element("Code") == "InvalidChangeBatch")
        #expect(answer.body.element("Message") == refusal.message)
        #expect(records(aws) == before)
    }

    @Test func `A record is swapped by deleting what it was and creating what it shall be, in one batch`() async throws
    {
        let aws = try LocalAWS.sample()
        #expect(try await send([Self.change("CREATE", "read1.example.com")], aws).status == 200)
        func swap(from old: String, to new: String) async throws -> Int {
            let batch = [
                Self.change("DELETE", "read1.example.com", to: old),
                Self.change("CREATE", "read1.example.com", to: new),
            ]
            return try await send(batch, aws).status
        }
        #expect(try await swap(from: "a.example.net", to: "b.example.net") == 200)
        #expect(try await swap(from: "a.example.net", to: "c.example.net") == 400, "made of an older view")
        #expect(records(aws) == ["read1.example.com.": ["b.example.net"]])
    }

    @Test(
        "A batch has at most a thousand values, those of an UPSERT counted twice",
        arguments: [("CREATE", 1000, 200), ("CREATE", 1001, 400), ("UPSERT", 500, 200), ("UPSERT", 501, 400)])
    func mostValues(_ action: String, _ count: Int, _ status: Int) async throws {
        let aws = try LocalAWS.sample()
        #expect(
            try await send((1...count).map { Self.change(action, "r\($0).example.com") }, aws).status == status)
    }

    @Test func `A refused batch can be answered as a list of messages, which AWS's SDKs know too`() async throws {
        let aws = try LocalAWS.sample()
        aws.setChanges(ofZone: "Z0LOCALPROMOTER", listsComplaints: true)
        let answer = try await send(
            [Self.change("DELETE", "read1.example.com"), Self.change("CREATE", "read1.example.org")], aws)
        #expect(answer.status == 400)
        #expect(answer.body.contains("<InvalidChangeBatch xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">"))
        #expect(
            answer.body.element("Messages")?.elements("Message") == [
                "Tried to delete resource record set [name='read1.example.com.', type='CNAME'] but it was not found",
                "RRSet with DNS name read1.example.org. is not permitted in zone example.com.",
            ])
        #expect(answer.body.element("Error") == nil)
        #expect(aws.requests.last?.errorCode == "InvalidChangeBatch")
        #expect(try await aws.route53("GET", "hostedzone/Z1").body.element("Code") == "NoSuchHostedZone")
    }

    @Test func `A zone that takes one change at a time refuses another until the first has spread`() async throws {
        let aws = try LocalAWS.sample()
        #expect(try await send([Self.change("CREATE", "read1.example.com")], aws).status == 200)
        #expect(try await send([Self.change("CREATE", "read2.example.com")], aws).status == 200)
        #expect(aws.setChanges(ofZone: "Z0LOCALPROMOTER", oneAtATime: true))
        let refused = try await send([Self.change("CREATE", "read3.example.com")], aws)
        #expect(refused.status == 400)
        #expect(refused.body.element("Code") == "PriorRequestNotComplete")
        #expect(records(aws).count == 2)
        aws.clock.advance(by: .seconds(30))
        #expect(try await send([Self.change("CREATE", "read3.example.com")], aws).status == 200)
        #expect(!aws.setChanges(ofZone: "Z2", oneAtATime: true))
    }

    @Test func `A change of another zone is none of this one's`() async throws {
        let aws = try LocalAWS.sample()
        try aws.world.update { $0.zones["Z1"] = HostedZone(id: "Z1", name: DNSName("example.org")) }
        aws.setChanges(ofZone: "Z1", oneAtATime: true)
        #expect(try await send([Self.change("CREATE", "read1.example.com")], aws).status == 200)
        let body =
            "<ChangeResourceRecordSetsRequest><ChangeBatch><Changes>\(Self.change("CREATE", "x.example.org"))"
            + "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>"
        #expect(try await aws.route53("POST", "hostedzone/Z1/rrset/", body).status == 200)
        #expect(try await aws.route53("POST", "hostedzone/Z1/rrset/", body).body.contains("PriorRequestNotComplete"))
    }
}

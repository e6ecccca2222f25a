import AWSClient
import HTTPTransport
import Testing

@Suite("Changes of Route 53") struct Route53ChangesTests {
    private static func accepted(_ operation: String, id: String = "/change/C1", status: String = "PENDING") -> String {
        """
        <?xml version="1.0"?>
        <\(operation)Response xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeInfo><Id>\(id)</Id>\
        <Status>\(status)</Status><SubmittedAt>2026-11-21T12:00:00Z</SubmittedAt></ChangeInfo></\(operation)Response>
        """
    }

    private static let cname = ResourceRecordSet(
        name: "read1.example.com", type: "CNAME", ttl: 10, values: ["rg-002.rg.abc.use1.cache.amazonaws.com"])

    private func change(
        _ changes: [Route53.Change], comment: String? = nil, _ executor: FakeExecutor, zone: String = "Z1",
        world: World = World()
    ) async throws -> Route53.ChangeInfo {
        try await Route53(try world.client(executor)).changeResourceRecordSets(
            hostedZoneID: zone, changes: changes, comment: comment, deadline: world.deadline)
    }

    /// What was sent, as a reader of XML takes it.
    private func sent(_ executor: FakeExecutor) throws -> XMLElement {
        try XMLElement(parsing: try #require(executor.requests.first).body)
    }

    private func sentSets(_ executor: FakeExecutor) throws -> [XMLElement] {
        let changes = try #require(try sent(executor).child(at: ["ChangeBatch", "Changes"])).children
        return changes.compactMap { $0["ResourceRecordSet"] }
    }

    @Test("A batch is one POST to the zone, in the order of its changes", arguments: ["Z1", "/hostedzone/Z1"])
    func request(zone: String) async throws {
        let executor = FakeExecutor(.xml(200, Self.accepted("ChangeResourceRecordSets")))
        var next = Self.cname
        next.values = ["other"]
        let info = try await change(
            [.init(.delete, Self.cname), .init(.create, next)], comment: "rg: failover", executor, zone: zone)
        #expect(info == Route53.ChangeInfo(id: "C1", isInSync: false))
        let request = try #require(executor.requests.first)
        #expect(executor.requests.count == 1)
        #expect(request.method == "POST")
        #expect(request.url == "https://route53.amazonaws.com/2013-04-01/hostedzone/Z1/rrset/")
        #expect(request.headers["Content-Type"] == "application/xml")
        #expect(request.headers["Authorization"]?.contains("/us-east-1/route53/aws4_request") == true)
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ChangeResourceRecordSetsRequest"
                + " xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Comment>rg: failover</Comment>"
                + "<Changes><Change><Action>DELETE</Action><ResourceRecordSet><Name>read1.example.com</Name>"
                + "<Type>CNAME</Type><TTL>10</TTL><ResourceRecords><ResourceRecord>"
                + "<Value>rg-002.rg.abc.use1.cache.amazonaws.com</Value></ResourceRecord></ResourceRecords>"
                + "</ResourceRecordSet></Change><Change><Action>CREATE</Action><ResourceRecordSet>"
                + "<Name>read1.example.com</Name><Type>CNAME</Type><TTL>10</TTL><ResourceRecords><ResourceRecord>"
                + "<Value>other</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes>"
                + "</ChangeBatch></ChangeResourceRecordSetsRequest>")
    }

    @Test(
        "What was read is written again as it was",
        arguments: [
            "<SetIdentifier>a &lt;b&gt; &amp; \"c\"</SetIdentifier><Weight>0</Weight><TTL>60</TTL><ResourceRecords>"
                + "<ResourceRecord><Value>b.example.net.</Value></ResourceRecord>"
                + "<ResourceRecord><Value>a.example.net</Value></ResourceRecord></ResourceRecords>"
                + "<HealthCheckId>h-1</HealthCheckId>",
            "<SetIdentifier>x</SetIdentifier><Region>eu-west-1</Region><TTL>0</TTL><ResourceRecords><ResourceRecord>"
                + "<Value>A.b</Value></ResourceRecord></ResourceRecords>",
            "<SetIdentifier>x</SetIdentifier><MultiValueAnswer>true</MultiValueAnswer><TTL>5</TTL><ResourceRecords>"
                + "<ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords>",
            "<SetIdentifier>x</SetIdentifier><Failover>PRIMARY</Failover><AliasTarget><HostedZoneId>Z2</HostedZoneId>"
                + "<DNSName>lb.example.net</DNSName><EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget>",
        ])
    func roundTrip(rest: String) async throws {
        let written = "<ResourceRecordSet><Name>read1.example.com</Name><Type>CNAME</Type>\(rest)</ResourceRecordSet>"
        let world = World()
        let list = FakeExecutor(.xml(200, Route53Tests.page(written)))
        let read = try await Route53(try world.client(list)).listResourceRecordSets(
            hostedZoneID: "Z1", name: "read1.example.com", deadline: world.deadline)
        let executor = FakeExecutor(.xml(200, Self.accepted("ChangeResourceRecordSets")))
        _ = try await change(read.map { .init(.delete, $0) }, executor)
        #expect(try sentSets(executor) == [XMLElement(parsing: Array(written.utf8))])
    }

    @Test(
        "A record set with parts that are not kept is read, and never written",
        arguments: ["GeoLocation", "CidrRoutingConfig", "GeoProximityLocation", "TrafficPolicyInstanceId", "Later"])
    func unknownParts(element: String) async throws {
        let written = Route53Tests.set("app.example.com.", "<TTL>1</TTL><\(element)>x</\(element)>")
        let world = World()
        let list = FakeExecutor(.xml(200, Route53Tests.page(written)))
        let read = try await Route53(try world.client(list)).listResourceRecordSets(
            hostedZoneID: "Z1", name: "app.example.com", deadline: world.deadline)
        #expect(read.map(\.otherElements) == [[element]])
        let executor = FakeExecutor(.xml(200, Self.accepted("ChangeResourceRecordSets")))
        let error = await awsError { try await change(read.map { .init(.delete, $0) }, executor) }
        #expect(error?.code == .invalidConfiguration)
        #expect(executor.requests.isEmpty)
    }

    @Test("Nothing is sent of a batch that cannot be written", arguments: ["\u{0}", "\u{1B}", "\u{FFFE}", nil])
    func unwritable(text: String?) async throws {
        var set = Self.cname
        if let text { set.values = ["a\(text)b"] }
        let executor = FakeExecutor(.xml(200, Self.accepted("ChangeResourceRecordSets")))
        let error = await awsError { try await change(text == nil ? [] : [.init(.create, set)], executor) }
        #expect(error?.code == .invalidConfiguration)
        #expect(executor.requests.isEmpty)
    }

    @Test("A comment that is too long is clipped, and an empty one left out", arguments: [("", nil), ("x", 256)])
    func comment(text: String, length: Int?) async throws {
        let executor = FakeExecutor(.xml(200, Self.accepted("ChangeResourceRecordSets")))
        _ = try await change(
            [.init(.create, Self.cname)], comment: String(repeating: "\(text)\n", count: 300), executor)
        let comment = try sent(executor).child(at: ["ChangeBatch", "Comment"])
        #expect(text.isEmpty || comment?.text.unicodeScalars.count == length)
        let none = FakeExecutor(.xml(200, Self.accepted("ChangeResourceRecordSets")))
        _ = try await change([.init(.create, Self.cname)], comment: "", none)
        #expect(try sent(none).child(at: ["ChangeBatch", "Comment"]) == nil)
    }

    @Test(
        "What passes by itself is sent again",
        arguments: [
            FakeExecutor.Outcome.error(400, "PriorRequestNotComplete"), .error(400, "Throttling"),
            .error(500, "InternalFailure"), .failure(.connectionLost, sent: true),
            .failure(.deadlineExceeded, sent: true),
        ])
    func retries(outcome: FakeExecutor.Outcome) async throws {
        let executor = FakeExecutor(outcome, .xml(200, Self.accepted("ChangeResourceRecordSets")))
        #expect(try await change([.init(.create, Self.cname)], executor).id == "C1")
        #expect(executor.requests.map(\.body.count).count == 2)
        #expect(executor.requests.first?.body == executor.requests.last?.body)
    }

    @Test("A batch that does not fit the zone is refused with its code, in either form, and not sent again")
    func refusal() async throws {
        let old =
            "<InvalidChangeBatch xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Messages><Message>one</Message>"
            + "<Message>two</Message></Messages></InvalidChangeBatch>"
        for outcome in [FakeExecutor.Outcome.error(400, "InvalidChangeBatch"), .xml(400, old)] {
            let executor = FakeExecutor(outcome)
            let error = await awsError { try await change([.init(.create, Self.cname)], executor) }
            #expect(error?.awsCode == "InvalidChangeBatch")
            #expect(error?.code == .refused)
            #expect(executor.requests.count == 1)
        }
    }

    @Test("A change is followed by its id", arguments: ["C1", "/change/C1"])
    func following(id: String) async throws {
        let world = World()
        let executor = FakeExecutor(
            .xml(200, Self.accepted("GetChange")), .xml(200, Self.accepted("GetChange", status: "INSYNC")))
        let route53 = Route53(try world.client(executor))
        #expect(try await route53.getChange(id: id, deadline: world.deadline).isInSync == false)
        #expect(
            try await route53.getChange(id: id, deadline: world.deadline) == .init(id: "C1", isInSync: true))
        #expect(
            executor.requests.map(\.url)
                == Array(repeating: "https://route53.amazonaws.com/2013-04-01/change/C1", count: 2))
    }

    @Test("An answer without what it must have is an error")
    func notWhole() async throws {
        for answer in [
            "<ChangeResourceRecordSetsResponse/>",
            "<ChangeResourceRecordSetsResponse><ChangeInfo><Id>C1</Id></ChangeInfo></ChangeResourceRecordSetsResponse>",
            "<GetChangeResponse/>",
        ] {
            let error = await awsError {
                try await change([.init(.create, Self.cname)], FakeExecutor(.xml(200, answer)))
            }
            #expect(error?.code == .unexpectedAnswer)
        }
    }

    @Test(
        "A zone is read with its name, and whether it is private",
        arguments: [("<Config><PrivateZone>true</PrivateZone></Config>", true), ("<Config/>", false), ("", false)])
    func zone(config: String, isPrivate: Bool) async throws {
        let world = World()
        let executor = FakeExecutor(
            .xml(
                200,
                "<GetHostedZoneResponse><HostedZone><Id>/hostedzone/Z1</Id><Name>Example.COM.</Name>"
                    + "<CallerReference>1</CallerReference>\(config)</HostedZone></GetHostedZoneResponse>"))
        let zone = try await Route53(try world.client(executor)).hostedZone(
            id: "/hostedzone/Z1", deadline: world.deadline)
        #expect(zone == HostedZone(id: "Z1", name: "example.com", isPrivate: isPrivate))
        #expect(executor.requests.map(\.url) == ["https://route53.amazonaws.com/2013-04-01/hostedzone/Z1"])
    }

    @Test(
        "A name is in a zone by whole labels",
        arguments: [
            ("example.com", true), ("a.example.com", true), ("A.B.Example.com.", true), ("badexample.com", false),
            ("com", false), ("example.com.net", false), ("", false),
        ])
    func inZone(name: String, isInside: Bool) {
        #expect(HostedZone(id: "Z", name: "example.com", isPrivate: false).contains(name) == isInside)
    }
}

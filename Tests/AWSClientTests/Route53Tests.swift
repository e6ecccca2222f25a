import AWSClient
import HTTPTransport
import Testing

@Suite struct Route53Tests {
    static func page(_ sets: String, next: String = "") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/">\
        <ResourceRecordSets>\(sets)</ResourceRecordSets><IsTruncated>\(next.isEmpty ? "false" : "true")</IsTruncated>\
        \(next)<MaxItems>300</MaxItems></ListResourceRecordSetsResponse>
        """
    }

    static func set(_ name: String, type: String = "A", _ rest: String = "") -> String {
        "<ResourceRecordSet><Name>\(name)</Name><Type>\(type)</Type>\(rest)</ResourceRecordSet>"
    }

    static func next(_ name: String, type: String = "A", identifier: String? = nil) -> String {
        "<NextRecordName>\(name)</NextRecordName><NextRecordType>\(type)</NextRecordType>"
            + (identifier.map { "<NextRecordIdentifier>\($0)</NextRecordIdentifier>" } ?? "")
    }

    private func list(
        _ executor: FakeExecutor, name: String = "app.example.com", zone: String = "Z1", world: World = World()
    ) async throws -> [ResourceRecordSet] {
        try await Route53(try world.client(executor)).listResourceRecordSets(
            hostedZoneID: zone, name: name, deadline: world.deadline)
    }

    @Test("Record sets are read with all that routes them")
    func reading() async throws {
        let executor = FakeExecutor(
            .xml(
                200,
                Self.page(
                    Self.set(
                        "app.example.com.",
                        "<SetIdentifier>one</SetIdentifier><Failover>PRIMARY</Failover><AliasTarget>"
                            + "<HostedZoneId>Z32O12XQLNTSW2</HostedZoneId><DNSName>dualstack.LB-1.eu-west-1.elb.amazonaws.com.</DNSName>"
                            + "<EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget><HealthCheckId>h-1</HealthCheckId>"
                    )
                        + Self.set(
                            "app.example.com.", type: "CNAME",
                            "<SetIdentifier>two</SetIdentifier><Region>eu-west-1</Region><Weight>0</Weight><TTL>60</TTL>"
                                + "<ResourceRecords><ResourceRecord><Value>a.example.net</Value></ResourceRecord>"
                                + "<ResourceRecord><Value>b.example.net</Value></ResourceRecord></ResourceRecords>")
                        + Self.set("app.example.com.", type: "NEW", "<Later><X/></Later>"))))
        #expect(
            try await list(executor) == [
                ResourceRecordSet(
                    name: "app.example.com", type: "A", setIdentifier: "one", failover: .primary, healthCheckID: "h-1",
                    alias: .init(
                        dnsName: "dualstack.lb-1.eu-west-1.elb.amazonaws.com", hostedZoneID: "Z32O12XQLNTSW2",
                        evaluateTargetHealth: true)),
                ResourceRecordSet(
                    name: "app.example.com", type: "CNAME", setIdentifier: "two", region: "eu-west-1", weight: 0,
                    ttl: 60,
                    values: ["a.example.net", "b.example.net"]),
                ResourceRecordSet(name: "app.example.com", type: "NEW", otherElements: ["Later"]),
            ])
    }

    @Test(
        "The request starts at the name, in the zone, and is signed for us-east-1",
        arguments: [
            ("Z1", "app.example.com", "/Z1/rrset?name=app.example.com&maxitems=300"),
            ("/hostedzone/Z1", "App.Example.COM.", "/Z1/rrset?name=app.example.com&maxitems=300"),
            ("Z1", "*.example.com", "/Z1/rrset?name=%2A.example.com&maxitems=300"),
            ("Z1", "\\052.example.com", "/Z1/rrset?name=%2A.example.com&maxitems=300"),
            ("../Z1?x", "a", "/..%2FZ1%3Fx/rrset?name=a&maxitems=300"),
        ])
    func request(zone: String, name: String, target: String) async throws {
        let executor = FakeExecutor(.xml(200, Self.page("")))
        #expect(try await list(executor, name: name, zone: zone) == [])
        let request = try #require(executor.requests.first)
        #expect(request.method == "GET")
        #expect(request.url == "https://route53.amazonaws.com/2013-04-01/hostedzone\(target)")
        #expect(request.headers["Authorization"]?.contains("/us-east-1/route53/aws4_request") == true)
        #expect(request.headers["Content-Type"] == nil)
    }

    @Test("It needs no region, being the same from everywhere")
    func noRegion() async throws {
        let world = World()
        var environment = World.keys
        environment["AWS_REGION"] = nil
        let executor = FakeExecutor(.xml(200, Self.page("")))
        _ = try await Route53(try world.client(executor, environment)).listResourceRecordSets(
            hostedZoneID: "Z1", name: "a", deadline: world.deadline)
        #expect(executor.requests.first?.url.hasPrefix("https://route53.amazonaws.com/") == true)
    }

    @Test("A zone of 5,000 records costs one request")
    func largeZone() async throws {
        // The server's zone, in its order; a page holds 300 from the asked name on.
        let names = (0..<5000).map { "n\(10000 + $0).example.com" }
        let executor = FakeExecutor { request, _ in
            let asked = request.url.split(separator: "name=").last?.prefix { $0 != "&" } ?? ""
            let start = names.firstIndex { $0 >= asked } ?? names.count
            let page = names[start...].prefix(300)
            let following = start + page.count < names.count ? Self.next(names[start + page.count] + ".") : ""
            return .xml(200, Self.page(page.map { Self.set($0 + ".") }.joined(), next: following))
        }
        let sets = try await list(executor, name: "n12345.example.com")
        #expect(sets.map(\.name) == ["n12345.example.com"])
        #expect(executor.requests.count == 1)
    }

    @Test("Pages are followed while they begin with the name, with type and identifier")
    func paging() async throws {
        let executor = FakeExecutor(
            .xml(
                200,
                Self.page(
                    Self.set("app.example.com."), next: Self.next("app.example.com.", type: "A", identifier: "x y"))),
            .xml(200, Self.page(Self.set("APP.example.com."), next: Self.next("App.example.com.", type: "TXT"))),
            .xml(
                200,
                Self.page(
                    Self.set("app.example.com.", type: "TXT") + Self.set("z.example.com."), next: Self.next("zz."))))
        #expect(try await list(executor).map(\.type) == ["A", "A", "TXT"])
        #expect(
            executor.requests.map { $0.url.split(separator: "?").last } == [
                "name=app.example.com&maxitems=300", "name=app.example.com.&type=A&identifier=x%20y&maxitems=300",
                "name=App.example.com.&type=TXT&maxitems=300",
            ])
    }

    @Test("Pages that do not end are an error", arguments: [true, false])
    func loop(sameEachTime: Bool) async throws {
        let executor = FakeExecutor { _, index in
            .xml(200, Self.page("", next: Self.next("app.example.com.", identifier: sameEachTime ? "x" : "x\(index)")))
        }
        let error = await awsError { try await list(executor) }
        #expect(error?.code == .unexpectedAnswer)
        #expect(executor.requests.count == (sameEachTime ? 2 : 10))
    }

    @Test(
        "Names are compared in one form",
        arguments: [
            ("*.Example.com", "\\052.example.com."), ("\\052.example.com", "\\052.example.com."),
            ("a_b.example.com.", "A_B.example.com."), ("under\\137.example.com", "under_.example.com."),
        ])
    func names(asked: String, written: String) async throws {
        let sets = Self.set("other.example.com.") + Self.set(written) + Self.set("a.\(written)")
        #expect(try await list(FakeExecutor(.xml(200, Self.page(sets))), name: asked).count == 1)
    }

    @Test(
        "Escapes are decoded where that is safe",
        arguments: [
            ("\\052.a.", "*.a"), ("a\\056b.c.", "a\\056b.c"), ("\\040x", "\\040x"), ("\\400", "\\400"),
            ("\\05", "\\05"),
            ("\\", "\\"), ("\\0529", "*9"), ("\\303\\274", "\\303\\274"), (".", ""), ("", ""),
            // What stands for a digit, between a backslash and digits, would make an escape of them.
            ("\\0\\0652", "\\0\\0652"), ("\\071", "9"),
        ])
    func escapes(written: String, normal: String) {
        #expect(DNSName.normalized(written) == normal)
        #expect(DNSName.normalized(normal) == normal)
    }

    @Test(
        "A record set that is not whole makes the whole answer an error",
        arguments: [
            page("<ResourceRecordSet><Name>app.example.com.</Name></ResourceRecordSet>"),
            page("<ResourceRecordSet><Type>A</Type></ResourceRecordSet>"),
            page(set("app.example.com.", "<AliasTarget><DNSName>x.</DNSName></AliasTarget>")),
            page(
                set(
                    "app.example.com.",
                    "<AliasTarget><DNSName>x.</DNSName><HostedZoneId>Z</HostedZoneId><EvaluateTargetHealth>perhaps</EvaluateTargetHealth></AliasTarget>"
                )),
            page(set("app.example.com.", "<Failover>TERTIARY</Failover>")),
            page(set("app.example.com.", "<TTL>soon</TTL>")),
            page(set("app.example.com.", "<ResourceRecords><ResourceRecord/></ResourceRecords>")),
            page("", next: "<NextRecordType>A</NextRecordType>"),
            page("", next: "<NextRecordName>app.example.com.</NextRecordName>"),
            "<ListResourceRecordSetsResponse><ResourceRecordSets/></ListResourceRecordSetsResponse>",
            "<ListResourceRecordSetsResponse><IsTruncated>false</IsTruncated></ListResourceRecordSetsResponse>",
            "<ListHostedZonesResponse/>",
        ])
    func notWhole(body: String) async throws {
        let error = await awsError { try await list(FakeExecutor(.xml(200, body))) }
        #expect(error?.code == .unexpectedAnswer)
    }

    @Test(
        "What Route 53 refuses comes with its code",
        arguments: [(404, "NoSuchHostedZone"), (400, "InvalidInput"), (403, "AccessDenied")])
    func refusal(status: Int, code: String) async throws {
        let error = await awsError { try await list(FakeExecutor(.error(status, code))) }
        #expect(error?.awsCode == code)
        #expect(error?.activity == "Route 53 ListResourceRecordSets")
    }
}

import Foundation
import Testing

@testable import LocalAWS

@Suite struct HostedZoneTests {
    @Test(
        "Names are written as Route 53 writes them",
        arguments: [
            ("app.example.com", "app.example.com."), ("App.Example.COM.", "app.example.com."),
            ("*.example.com", "\\052.example.com."), ("\\052.example.com", "\\052.example.com."),
            ("_x._tcp.example.com", "_x._tcp.example.com."), ("a b.example.com", "a\\040b.example.com."),
        ]
    )
    func writing(_ name: String, _ expected: String) {
        #expect(DNSName(name).description == expected)
    }

    @Test func `Records are in the order of reversed labels, then type, then identifier`() {
        var zone = HostedZone(id: "Z1", name: DNSName("example.com"))
        let names = [
            "www.example.com", "a.www.example.com", "app.example.com", "*.example.com", "app-2.example.com",
            "z.a.example.com",
        ]
        for name in names { zone.put(RecordSet(name: DNSName(name), type: "A", ttl: 60, values: ["10.0.0.1"])) }
        for identifier in ["b", "a"] {
            zone.put(
                RecordSet(
                    name: DNSName("app.example.com"), type: "AAAA", setIdentifier: identifier, weight: 1, ttl: 60,
                    values: ["::1"]
                )
            )
        }
        #expect(
            zone.records.map { "\($0.name) \($0.type) \($0.setIdentifier ?? "")" } == [
                "example.com. NS ", "example.com. SOA ", "\\052.example.com. A ", "z.a.example.com. A ",
                "app-2.example.com. A ", "app.example.com. A ", "app.example.com. AAAA a", "app.example.com. AAAA b",
                "www.example.com. A ", "a.www.example.com. A ",
            ]
        )
    }

    @Test func `Pages joined together are the whole zone, wherever they are cut`() {
        var zone = HostedZone(id: "Z1", name: DNSName("example.com"))
        for number in 0..<25 {
            zone.put(RecordSet(name: DNSName("r\(number).example.com"), type: "A", ttl: 60, values: ["10.0.0.1"]))
        }
        for limit in [1, 2, 7, 26, 27, 300] {
            var collected: [RecordSet] = []
            var start: RecordSet.Key?
            repeat {
                let page = zone.page(from: start, limit: limit)
                collected += page.records
                start = page.next?.key
            } while start != nil
            #expect(collected == zone.records, "with pages of \(limit)")
        }
    }

    @Test func `A page may start at a name that is not there`() {
        var zone = HostedZone(id: "Z1", name: DNSName("example.com"))
        zone.put(RecordSet(name: DNSName("b.example.com"), type: "A", ttl: 60, values: ["10.0.0.1"]))
        let page = zone.page(from: RecordSet.Key(name: DNSName("a.example.com")), limit: 300)
        #expect(page.records.map(\.name) == [DNSName("b.example.com")])
    }

    @Test(
        "A list request that makes no sense is refused",
        arguments: [
            ("type=A", "InvalidInput"), ("name=app.example.com&identifier=x", "InvalidInput"),
            ("maxitems=0", "InvalidInput"),
            ("maxitems=many", "InvalidInput"),
        ]
    )
    func refusal(_ query: String, _ code: String) async throws {
        let aws = try LocalAWS.sample()
        let request = LocalHTTPRequest(
            method: "GET", path: "/2013-04-01/hostedzone/Z0LOCALPROMOTER/rrset", query: query)
        let answer = try await aws.ask(LocalAWS.signed(request, service: "route53", region: "us-east-1"))
        #expect(answer.status == 400)
        #expect(answer.body.element("Code") == code)
    }

    @Test(
        "A body that is no well-formed XML is refused",
        arguments: [
            "", "<a>", "<a></b>", "<a>&nbsp;</a>", "<a/><b/>", "text", "<a><![CDATA[x]]></a>", "<!DOCTYPE a><a/>",
            String(repeating: "<a>", count: 100_000),
        ]
    )
    func malformed(_ document: String) {
        #expect(throws: XMLElement.Malformed.self) { try XMLElement.parse(document) }
    }

    @Test func `Text is unescaped, and the blanks between elements are nothing`() throws {
        let root = try XMLElement.parse(
            "<?xml version=\"1.0\"?>\n<a x=\"1\">\n <b>&lt;&#65;&#x42;&amp;</b> <c/>\n</a>\n")
        #expect(root.value("b") == "<AB&")
        #expect(root.value("c") == "")
        #expect(root.text == "")
    }

    @Test func `A change is all or nothing, pending until it has spread`() async throws {
        let aws = try LocalAWS.sample()
        func change(_ changes: String) async throws -> (status: Int, body: String) {
            let body =
                "<ChangeResourceRecordSetsRequest><ChangeBatch><Changes>\(changes)</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>"
            let request = LocalHTTPRequest(
                method: "POST", path: "/2013-04-01/hostedzone/Z0LOCALPROMOTER/rrset/", body: Data(body.utf8)
            )
            return try await aws.ask(LocalAWS.signed(request, service: "route53", region: "us-east-1"))
        }
        func element(_ action: String, _ name: String) -> String {
            "<Change><Action>\(action)</Action><ResourceRecordSet><Name>\(name)</Name><Type>CNAME</Type><TTL>5</TTL>"
                + "<ResourceRecords><ResourceRecord><Value>t.example.net</Value></ResourceRecord></ResourceRecords>"
                + "</ResourceRecordSet></Change>"
        }
        let before = aws.world.snapshot.zones["Z0LOCALPROMOTER"]?.records
        let refused = try await change(element("CREATE", "w.example.com") + element("DELETE", "none.example.com"))
        #expect(refused.body.element("Code") == "InvalidChangeBatch")
        #expect(aws.world.snapshot.zones["Z0LOCALPROMOTER"]?.records == before)

        let accepted = try await change(element("CREATE", "w.example.com"))
        let id = try #require(accepted.body.element("Id"))
        func status() async throws -> String? {
            let request = LocalHTTPRequest(method: "GET", path: "/2013-04-01\(id)")
            return try await aws.ask(LocalAWS.signed(request, service: "route53", region: "us-east-1")).body.element(
                "Status")
        }
        #expect(try await status() == "PENDING")
        aws.clock.advance(by: .seconds(30))
        #expect(try await status() == "INSYNC")
        #expect(try await change(element("CREATE", "app.example.com")).body.element("Code") == "InvalidChangeBatch")
    }
}

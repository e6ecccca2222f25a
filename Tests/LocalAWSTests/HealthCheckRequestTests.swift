import Foundation
import Testing

@testable import LocalAWS

@Suite struct HealthCheckRequestTests {
    @Test func `A reference makes one check, and a record needs one that is there`() async throws {
        let aws = try LocalAWS.sample()
        func create(_ address: String) async throws -> (status: Int, body: String) {
            try await aws.route53(
                "POST", "healthcheck",
                """
                <CreateHealthCheckRequest><CallerReference>r</CallerReference><HealthCheckConfig><IPAddress>\(address)\
                </IPAddress><Port>6379</Port><Type>TCP</Type></HealthCheckConfig></CreateHealthCheckRequest>
                """
            )
        }
        let first = try await create("192.0.2.1")
        #expect(first.status == 201)
        let id = try #require(first.body.element("Id"))
        #expect(try await create("192.0.2.1").body.element("Id") == id)
        #expect(try await create("192.0.2.2").body.element("Code") == "HealthCheckAlreadyExists")
        func upsert(_ id: String) async throws -> String? {
            try await aws.route53(
                "POST", "hostedzone/Z0LOCALPROMOTER/rrset/",
                """
                <ChangeResourceRecordSetsRequest><ChangeBatch><Changes><Change><Action>UPSERT</Action>\
                <ResourceRecordSet><Name>m.example.com</Name><Type>A</Type><SetIdentifier>m</SetIdentifier>\
                <Weight>1</Weight><TTL>5</TTL><ResourceRecords><ResourceRecord><Value>10.0.0.1</Value>\
                </ResourceRecord></ResourceRecords><HealthCheckId>\(id)</HealthCheckId></ResourceRecordSet>\
                </Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>
                """
            ).body.element("Code")
        }
        #expect(try await upsert("none") == "NoSuchHealthCheck")
        #expect(try await upsert(id) == nil)
        #expect(try await aws.route53("DELETE", "healthcheck/\(id)").status == 200)
        #expect(
            try await aws.route53("GET", "healthcheck/\(id)/status").body.element("Code") == "NoSuchHealthCheck")
    }
}

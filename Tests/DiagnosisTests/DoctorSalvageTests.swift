import AWSClient
import Functions
import Testing

@testable import Diagnosis

@Suite("What the doctor makes of a configuration with mistakes")
struct DoctorSalvageTests {
    static func salvage(_ changes: [String: String?], file: String = "") -> SalvagedConfiguration {
        SalvagedConfiguration(environment: environment(changes)) { path in
            path == "/watches.json" ? .bytes(Array(file.utf8)) : .missing
        }
    }

    @Test("What is right is taken as it is")
    func right() throws {
        let salvaged = Self.salvage(["CONFIRMATIONS": "3"])
        #expect(salvaged.problems.isEmpty && salvaged.unknown.isEmpty)
        #expect(try salvaged.configuration == PromoterConfiguration(environment: environment(["CONFIRMATIONS": "3"])))
    }

    @Test("What is wrong only because something else was left out is no problem of the user's")
    func consequences() {
        let salvaged = Self.salvage(["PAUSE_PARAMETER": "a/b", "WHEN_FAILOVER_REFUSED": "detach"])
        #expect(salvaged.problems.map(\.variable) == ["PAUSE_PARAMETER"])
        #expect(salvaged.configuration?.pauseParameter == nil)
        #expect(salvaged.configuration?.watches.map(\.globalDatastoreID) == ["ldgnf-sessions"])
    }

    @Test("Watches of a file that are right are kept, in their order")
    func file() {
        let file =
            #"[{"name":"a"},{"name":"b","globalDatastoreId":"ldgnf-b","confirmations":0},"#
            + #"{"name":"c","globalDatastoreId":"ldgnf-c"}]"#
        let salvaged = Self.salvage(["WATCHES_FILE": "/watches.json"], file: file)
        #expect(salvaged.problems.map(\.variable) == ["WATCHES_FILE[1].confirmations"])
        #expect(salvaged.configuration?.watches.map(\.name) == ["a", "c"])
    }

    @Test(
        "A required variable that is wrong is unknown, and nothing else is",
        arguments: ["HOSTED_ZONE_ID", "DNS_NAME", "GLOBAL_DATASTORE_ID"])
    func required(_ variable: String) {
        let salvaged = Self.salvage([variable: "a b"])
        #expect(salvaged.unknown == [variable])
        #expect(salvaged.configuration?.watches.count == 1)
    }

    @Test("A list without a single right watch leaves the variables of the environment")
    func noneLeft() {
        let salvaged = Self.salvage(["WATCHES": #"[{"dnsName":"app"}]"#])
        #expect(salvaged.problems.map(\.variable) == ["WATCHES[0].dnsName"])
        #expect(salvaged.configuration?.watches.map(\.dnsName) == ["app.example.com"])
    }

    @Test("Many datastores are read by one list, and those that it does not have one by one")
    func manyDatastores() async throws {
        let groups = (0..<5).map { index in
            "<GlobalReplicationGroup><GlobalReplicationGroupId>ldgnf-\(index)</GlobalReplicationGroupId>"
                + "<Status>available</Status></GlobalReplicationGroup>"
        }
        let list = "<GlobalReplicationGroups>\(groups.joined())</GlobalReplicationGroups>"
        let world = DoctorWorld([
            "DescribeGlobalReplicationGroups": DoctorWorld.query("DescribeGlobalReplicationGroups", list)
        ])
        let watches = (0..<6).map { #"{"name":"w\#($0)","globalDatastoreId":"ldgnf-\#($0)"}"# }
        let report = await world.examine(["WATCHES": "[\(watches.joined(separator: ","))]"])
        #expect(report.findings.filter { $0.code == .available }.map(\.watch) == (0..<5).map { "w\($0)" })
        #expect(report.findings.filter { $0.code == .datastoreMissing }.map(\.watch) == ["w5"])
        #expect(world.asked.filter { $0 == "DescribeGlobalReplicationGroups" }.count == 2)
    }
}

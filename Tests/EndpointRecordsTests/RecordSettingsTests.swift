import EndpointRecords
import Testing

@Suite("Settings") struct RecordSettingsTests {
    @Test("Names are in one form")
    func names() throws {
        let settings = try RecordSettings(
            replicationGroupID: "rg", region: "US-East-1", replicaName: "Read.Example.com.",
            weightedName: "ALL.example.com", primaryName: "db.example.com.", primaryEndpoint: "A.b.")
        #expect(settings.region == "us-east-1")
        #expect(settings.replicaName == "read.example.com")
        #expect(settings.weightedName == "all.example.com")
        #expect(settings.primaryName == "db.example.com")
        #expect(settings.primaryEndpoint == "a.b")
        #expect(settings.ttl == 10)
        #expect(settings.whenNoReplicas == .keep)
    }

    @Test("At least one record must be wanted")
    func noRecords() {
        #expect(throws: EndpointRecordsError.noRecords) {
            try RecordSettings(replicationGroupID: "rg", region: "us-east-1")
        }
    }

    @Test("The group can be left out only where nothing is to be read from it")
    func noGroup() throws {
        _ = try RecordSettings(region: "r", primaryName: "db.a", primaryEndpoint: "e.a", globalDatastoreID: "d")
        #expect(throws: EndpointRecordsError.noGroup) {
            try RecordSettings(region: "r", primaryName: "db.a", globalDatastoreID: "d")
        }
        #expect(throws: EndpointRecordsError.noGroup) {
            try RecordSettings(region: "r", primaryName: "db.a", primaryEndpoint: "e.a")
        }
        #expect(throws: EndpointRecordsError.noGroup) {
            try RecordSettings(
                region: "r", replicaName: "read.a", primaryName: "db.a", primaryEndpoint: "e.a", globalDatastoreID: "d")
        }
    }

    @Test(
        "The time to live has a range", arguments: [(0, false), (1, true), (86400, true), (86401, false), (-1, false)])
    func ttl(seconds: Int, isRight: Bool) {
        let settings = { () throws(EndpointRecordsError) in
            try RecordSettings(replicationGroupID: "rg", region: "r", replicaName: "read.a", ttl: seconds)
        }
        if isRight {
            #expect(throws: Never.self) { try settings() }
        } else {
            #expect(throws: EndpointRecordsError.wrongTTL(seconds)) { try settings() }
        }
    }

    @Test("No two records may have one name", arguments: ["read1", "read17", "READ2", "all"])
    func sameName(label: String) {
        #expect(throws: EndpointRecordsError.sameName("\(label.lowercased()).example.com")) {
            try RecordSettings(
                replicationGroupID: "rg", region: "r", replicaName: "read.example.com",
                weightedName: "all.example.com", primaryName: "\(label).example.com")
        }
    }

    @Test("Names that only look alike are two", arguments: ["read", "read01", "read1a", "reader", "read1.b"])
    func alike(label: String) throws {
        _ = try RecordSettings(
            replicationGroupID: "rg", region: "r", replicaName: "read.example.com", primaryName: "\(label).example.com")
    }

    @Test(
        "A name must be one, with room for a number", arguments: ["", ".", "a..b", String(repeating: "x", count: 61)])
    func wrongName(name: String) {
        #expect(throws: EndpointRecordsError.self) {
            try RecordSettings(replicationGroupID: "rg", region: "r", replicaName: name)
        }
    }
}

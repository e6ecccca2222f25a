import Functions
import Testing

@Suite("Mistakes in a list of watches")
struct WatchMistakesTests {
    @Test(
        "Two watches of one datastore are refused, whatever their names: by both entries, and in any case of the id",
        arguments: [
            ("b.example.com", "ldgnf-a"), ("b.example.com", "LDGNF-A"), ("a.example.com", "ldgnf-a"),
            ("A.example.com.", "ldgnf-a"),
        ])
    func sameDatastore(name: String, id: String) throws {
        let list = #"""
            [{"name":"x","globalDatastoreId":"ldgnf-x"},
            {"name":"a","dnsName":"a.example.com","globalDatastoreId":"ldgnf-a"},
            {"name":"b","dnsName":"\#(name)","globalDatastoreId":"\#(id)"}]
            """#
        let problems = WatchListTests.problems(list)
        #expect(problems.map(\.variable) == ["WATCHES[2].globalDatastoreId"])
        #expect(problems.first?.value == id)
        #expect(problems.first?.remedy.contains("WATCHES[1]") == true)
        #expect(problems.first?.remedy.contains("a.example.com") == true)
    }

    @Test("Watches that have the datastore from the environment have one datastore")
    func sameDatastoreOfEnvironment() {
        let problems = WatchListTests.problems(#"[{"dnsName":"a.example.com"},{"dnsName":"b.example.com"}]"#)
        #expect(problems.map(\.variable) == ["WATCHES[1].globalDatastoreId"])
    }

    @Test(
        "A mistyped member does not make one datastore out of two",
        arguments: [
            #"{"dnsName":"b.example.com","globalDatastorId":"ldgnf-b"}"#,
            #"{"dnsName":"b.example.com","globalDatastoreId":7}"#,
            #"{"dnsName":"b.example.com","globalDatastoreId":"l b"}"#, #"{"dnsName":"b"}"#,
        ])
    func oneMistake(watch: String) {
        #expect(WatchListTests.problems("[{},\(watch)]").count == 1)
    }

    @Test(
        "A member of the wrong form is not taken for one that is left out",
        arguments: [
            ("hostedZoneId", ["HOSTED_ZONE_ID": nil]), ("dnsName", ["DNS_NAME": nil]),
            ("globalDatastoreId", ["GLOBAL_DATASTORE_ID": nil]), ("recordTargets", ["HOSTED_ZONE_ID": nil]),
            // Nor is what the environment says looked at in its place.
            ("confirmations", ["CONFIRMATIONS": "0"]), ("notifyTopicArn", ["NOTIFY_TOPIC_ARN": "x"]),
        ] as [(String, [String: String?])])
    func malformed(member: String, changes: [String: String?]) {
        #expect(WatchListTests.problems(#"[{"\#(member)":[]}]"#, changes).map(\.variable) == ["WATCHES[0].\(member)"])
    }
}

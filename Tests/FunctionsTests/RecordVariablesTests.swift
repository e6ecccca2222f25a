import Functions
import Testing

@Suite("RECORD_TARGETS and RECORD_REGIONS")
struct RecordVariablesTests {
    @Test(
        "Of a map the entry that is wrong is named",
        arguments: [#"{"a":"us-east-1","blue":7}"#, #"{"blue":"nowhere"}"#])
    func mapEntry(value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try PromoterConfigurationTests.read(["RECORD_REGIONS": value])
        }
        #expect(error?.problems.map { $0.remedy.contains("RECORD_REGIONS.blue") } == [true])
    }

    @Test(
        "Of a variable in JSON all that is wrong is said at once, each thing with its place",
        arguments: [
            (
                "RECORD_TARGETS",
                #"{"us-esat-1":["a b","c.example.com","10.1.2.300"],"us-west-2":[],"eu-west-1":7,"us-east-1":["b",1]}"#,
                [
                    #"["us-esat-1"]: "#, #"["us-esat-1"][0]: "#, #"["us-esat-1"][2]: "#, #"["us-west-2"]: "#,
                    #"["eu-west-1"]: "#, #"["us-east-1"][0]: "#, #"["us-east-1"][1]: "#,
                ]
            ),
            ("RECORD_REGIONS", #"{"a":"nowhere","b":"us-east-1","c":7,"d":null}"#, [".a: ", ".c: ", ".d: "]),
        ] as [(String, String, [String])])
    func allOfOne(_ variable: String, _ value: String, _ places: [String]) throws {
        let error = #expect(throws: ConfigurationError.self) { try PromoterConfigurationTests.read([variable: value]) }
        #expect(error?.problems.map(\.variable) == [variable])
        let remedy = try #require(error?.problems.first?.remedy)
        for place in places { #expect(remedy.contains(variable + place), "\(place)") }
        #expect(!remedy.contains("[1]: ") || places.contains { $0.hasSuffix("[1]: ") })
        #expect(!remedy.contains(".b: "))
    }

    @Test("A list that is wrong in a thousand places makes a message that somebody can read")
    func manyFlaws() {
        let targets = (0..<1000).map { #""b \#($0)""# }.joined(separator: ",")
        let error = #expect(throws: ConfigurationError.self) {
            try PromoterConfigurationTests.read(["RECORD_TARGETS": #"{"us-east-1":[\#(targets)]}"#])
        }
        #expect((error?.description.utf8.count ?? .max) < 2000)
        #expect(error?.description.contains("990") == true)
    }

    @Test("The region that it runs in is one, whatever AWS calls it")
    func ownRegion() throws {
        let value = #"{"us-lakes-1":["a.example.com"]}"#
        #expect(
            PromoterConfigurationTests.wrong(["RECORD_TARGETS": value, "AWS_REGION": "us-east-1"]) == ["RECORD_TARGETS"]
        )
        #expect(PromoterConfigurationTests.wrong(["RECORD_TARGETS": value, "AWS_REGION": "us-lakes-1"]) == [])
    }
}

import AWSClient
import Functions
import Testing

@testable import Diagnosis

@Suite("What the doctor says of how promotions are to be made")
struct DoctorPolicyChecksTests {
    static let careful: [String: String?] = [
        "CHECK_INTERVAL_SECONDS": "1", "CONFIRMATIONS": "2", "HOLD_DOWN_SECONDS": "300",
        "CACHE_MAX_AGE_SECONDS": "300",
    ]

    static func findings(_ changes: [String: String?], period: Duration? = nil) throws -> [Finding] {
        let variables = environment(careful.merging(changes) { $1 })
        return ConfigurationChecks.findings(
            of: try PromoterConfiguration(environment: variables), period: period)
    }

    @Test(
        "What may be an oversight, or keeps a promotion from coming about, has a finding of its level",
        arguments: [
            ([:], nil, nil), (["CACHE_MAX_AGE_SECONDS": "0"], Finding.Code.noCacheMaxAge, .warning),
            (["CACHE_MAX_AGE_SECONDS": nil], .noCacheMaxAge, .warning),
            (["PROMOTE_IN_STATUS": "available,modifying"], .promotesInOtherStatus, .warning),
            (["CHECK_INTERVAL_SECONDS": "0"], .slowConfirmations, .warning),
            (["CHECK_INTERVAL_SECONDS": nil, "CONFIRMATIONS": "1"], .oneConfirmation, .warning),
        ] as [([String: String?], Finding.Code?, Finding.Level?)])
    func oversights(_ changes: [String: String?], _ code: Finding.Code?, _ level: Finding.Level?) throws {
        let bad = try Self.findings(changes).filter { $0.level != .good }
        #expect(bad.map(\.code) == (code.map { [$0] } ?? []))
        #expect(bad.first?.level == level)
    }

    @Test("Where available is no status to promote in, nothing is ever promoted")
    func neverAvailable() throws {
        let findings = try Self.findings(["PROMOTE_IN_STATUS": "modifying"])
        #expect(findings.filter { $0.level == .wrong }.map(\.code) == [.neverPromotesInAvailable])
        #expect(findings.filter { $0.level == .warning }.map(\.code) == [.promotesInOtherStatus])
        #expect(findings.contains { $0.code == .promotesInOtherStatus && $0.text.contains("modifying") })
    }

    @Test(
        "Confirmations that each wait for an invocation say how long",
        arguments: [("2", nil, "60 s"), ("4", nil, "180 s"), ("3", .seconds(300), "600 s")]
            as [(String, Duration?, String)])
    func slow(_ confirmations: String, _ period: Duration?, _ wait: String) throws {
        let findings = try Self.findings(
            ["CONFIRMATIONS": confirmations, "CHECK_INTERVAL_SECONDS": nil], period: period)
        #expect(findings.first { $0.code == .slowConfirmations }?.text.contains(wait) == true)
    }

    @Test("The schedule of the function is what confirmations wait for")
    func schedule() async {
        let variables =
            #"{"HOSTED_ZONE_ID":"Z1","DNS_NAME":"app.example.com","GLOBAL_DATASTORE_ID":"ldgnf-sessions","#
            + #""CONFIRMATIONS":"3"}"#
        let rule = #"{"Name":"r","ScheduleExpression":"rate(5 minutes)","State":"ENABLED"}"#
        let world = DoctorWorld([
            "GetFunctionConfiguration": DoctorWorld.function(variables: variables),
            "DescribeRule": DoctorWorld.Answer(body: rule),
        ])
        let report = await world.examine(function: "promoter")
        #expect(report.findings.first { $0.code == .slowConfirmations }?.text.contains("600 s") == true)
    }

    @Test("Of a variable that is wrong nothing is said as if it had been chosen")
    func wrongVariable() async {
        let report = await DoctorWorld().examine(["CONFIRMATIONS": "x", "CHECK_INTERVAL_SECONDS": nil])
        #expect(report.codes(.wrong) == [.wrongValue])
        #expect(!report.findings.contains { $0.level == .good && $0.text.contains("confirmations") })
        #expect(report.codes(.good).contains(.watched))
        #expect(!report.codes(.warning).contains(.slowConfirmations))
    }

    @Test("Two watches of one datastore are an error that names both, and the first is checked")
    func contradictions() async throws {
        let watches = #"[{"name":"one"},{"name":"two","dnsName":"b.us-east-1.example.com"}]"#
        let report = await DoctorWorld().examine(["WATCHES": watches])
        let finding = try #require(report.findings.first { $0.code == .wrongValue })
        #expect(finding.level == .wrong)
        let words = "\(finding.text) \(finding.remedy ?? "")"
        #expect(words.contains("app.example.com") && words.contains("b.us-east-1.example.com"))
        #expect(report.findings.filter { $0.code == .watched }.map(\.watch) == ["one"])
    }

    @Test("Of the watches that check again within an invocation the shortest interval counts")
    func interval() throws {
        func shortest(_ intervals: [String]) throws -> Duration? {
            let watches = intervals.enumerated().map {
                #"{"name":"w\#($0)","globalDatastoreId":"ldgnf-\#($0)","checkIntervalSeconds":\#($1)}"#
            }
            return try PromoterConfiguration(
                environment: environment(["WATCHES": "[\(watches.joined(separator: ","))]"])
            ).shortestCheckInterval
        }
        #expect(try shortest(["0", "5", "2"]) == .seconds(2))
        #expect(try shortest(["0", "0"]) == nil)
    }
}

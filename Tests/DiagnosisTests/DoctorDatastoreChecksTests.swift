import AWSClient
import Failover
import Functions
import Testing

@testable import Diagnosis

@Suite("What the doctor says of the datastore")
struct DoctorDatastoreChecksTests {
    typealias Member = GlobalReplicationGroup.Member

    static let east = Member(
        replicationGroupID: "use1", region: "us-east-1", role: "PRIMARY", automaticFailover: "enabled",
        status: "associated")
    static let west = Member(
        replicationGroupID: "usw2", region: "us-west-2", role: "SECONDARY", automaticFailover: "enabled",
        status: "associated")

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var reading: GroupReading
        var expected: [Finding.Code]
        var level: Finding.Level

        init(
            _ testDescription: String, _ level: Finding.Level, _ expected: [Finding.Code], status: String = "available",
            _ members: [Member] = [DoctorDatastoreChecksTests.east, DoctorDatastoreChecksTests.west],
            policy: Policy = Policy(), lag: LagKnowledge = .notAsked,
            isDetachmentOnRecord: Bool = false
        ) {
            self.testDescription = testDescription
            self.level = level
            self.expected = expected
            reading = GroupReading(
                id: "ldgnf-x", dnsName: "app.example.com", ownRegion: "us-west-2", policy: policy,
                group: .success(.init(GlobalReplicationGroup(id: "ldgnf-x", status: status, members: members))),
                lag: lag,
                isDetachmentOnRecord: isDetachmentOnRecord)
        }
    }

    static func changed(_ member: Member, _ change: (inout Member) -> Void) -> Member {
        var member = member
        change(&member)
        return member
    }

    static let measured = Policy(maximumLag: .seconds(5), whenLagUnknown: .hold)

    static let cases: [Case] = [
        Case("changing", .warning, [.groupStatus], status: "modifying"),
        Case(
            "a status that is promoted in", .warning, [.groupStatus], status: "primary-only",
            policy: Policy(promoteInStatus: ["available", "primary-only"])),
        Case("no member here", .wrong, [.noLocalMember], [east]),
        Case("no member at all", .wrong, [.noPrimary, .noLocalMember], []),
        Case("detached", .wrong, [.detached], [east], isDetachmentOnRecord: true),
        Case("two members here", .wrong, [.severalLocalMembers], [east, west, west]),
        Case("no primary", .wrong, [.noPrimary], [changed(east) { $0.role = "SECONDARY" }, west]),
        Case(
            "no primary in the middle of it", .warning, [.groupStatus, .noPrimary], status: "modifying",
            [changed(east) { $0.role = "SECONDARY" }, west]),
        Case("two primaries", .wrong, [.severalPrimaries], [east, changed(west) { $0.role = "PRIMARY" }]),
        Case("not associated", .warning, [.memberNotAssociated], [east, changed(west) { $0.status = "associating" }]),
        Case("status unknown", .warning, [.memberNotAssociated], [east, changed(west) { $0.status = nil }]),
        Case("unknown role", .warning, [.unknownRole], [east, changed(west) { $0.role = "WITNESS" }]),
        Case(
            "no automatic failover", .warning, [.noAutomaticFailover],
            [east, changed(west) { $0.automaticFailover = "disabled" }]),
        Case("behind", .warning, [.lagging], policy: measured, lag: .known(.milliseconds(5001))),
        Case("lag unknown", .warning, [.lagUnknown], policy: measured, lag: .unknown("no")),
    ]

    @Test("Each thing that can be wrong has a finding of its level, and only that one", arguments: cases)
    func isWrong(_ testCase: Case) {
        let bad = GroupChecks.findings(testCase.reading).filter { $0.level != .good }
        #expect(bad.map(\.code) == testCase.expected)
        #expect(bad.allSatisfy { $0.level == testCase.level })
    }

    static let good: [Case] = [
        Case("secondary", .good, [.available, .localMember]),
        Case(
            "cases of letters", .good, [.available, .localMember], status: "Available",
            [changed(east) { $0.role = "primary" }, changed(west) { $0.status = "Associated" }]),
        Case("lag within bounds", .good, [.available, .localMember, .lag], policy: measured, lag: .known(.seconds(5))),
        Case(
            "a primary lags behind nobody", .good, [.available, .localMember],
            [changed(east) { $0.role = "SECONDARY" }, changed(west) { $0.role = "PRIMARY" }], policy: measured,
            lag: .unknown("no")),
        Case(
            "failover said nothing of", .good, [.available, .localMember],
            [east, changed(west) { $0.automaticFailover = nil }]),
    ]

    @Test("What is as it should be is said, too", arguments: good)
    func isAsItShouldBe(_ testCase: Case) {
        let findings = GroupChecks.findings(testCase.reading)
        #expect(findings.map(\.code) == testCase.expected)
        #expect(findings.allSatisfy { $0.level == .good })
    }

    @Test("A region without a member is told which regions have one")
    func regions() {
        let findings = GroupChecks.findings(Self.cases[2].reading)
        #expect(findings.first { $0.code == .noLocalMember }?.text.contains("us-east-1") == true)
    }

    @Test(
        "A datastore that cannot be read is an error, unless the permissions say so or it was detached from",
        arguments: [
            (AWSError.Code.notFound, nil, false, [Finding.Code.datastoreMissing]), (.notFound, nil, true, [.detached]),
            (.noAnswer, nil, true, [.datastoreUnreadable]), (.refused, "AccessDenied", false, []),
        ] as [(AWSError.Code, String?, Bool, [Finding.Code])])
    func unreadable(_ code: AWSError.Code, _ awsCode: String?, _ isDetached: Bool, _ expected: [Finding.Code]) {
        var error = AWSError(code, "no")
        error.awsCode = awsCode
        let reading = GroupReading(
            id: "ldgnf-x", dnsName: "app.example.com", ownRegion: "us-west-2", policy: Policy(), group: .failure(error),
            isDetachmentOnRecord: isDetached)
        #expect(GroupChecks.findings(reading).map(\.code) == expected)
    }
}

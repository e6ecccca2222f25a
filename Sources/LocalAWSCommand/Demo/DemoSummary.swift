import Foundation
import LocalAWS
import Synchronization

/// What is held against what should have happened, in the end.
struct DemoSummary {
    /// Something that was done to a server, and what followed.
    struct Chapter {
        var title: String
        /// Whose members are to be promoted.
        var region: String
        var began: Date
        /// Whether both are primary, and settled.
        var isOver: Bool
    }

    /// The request by which a member is promoted.
    enum Promotion: String, CaseIterable {
        case datastore = "FailoverGlobalReplicationGroup"
        case cluster = "FailoverGlobalCluster"

        /// Whom a request of this kind promotes.
        func member(in request: RecordedRequest) -> String? {
            request.parameters[self == .datastore ? "PrimaryReplicationGroupId" : "TargetDbClusterIdentifier"]
        }

        func member(in region: String) -> String {
            self == .datastore ? LocalAWS.Sample.member(in: region) : LocalAWS.Sample.cluster(in: region).arn
        }
    }

    var chapters: [Chapter]
    var promotionsOfTheFlap: Int
    var callsInSteadyState: Int

    static func promotions(in aws: LocalAWS) -> [RecordedRequest] {
        aws.requests.filter { Promotion(rawValue: $0.operation) != nil }
    }

    /// Of a promotion, and not what follows a cluster.
    static func isMail(_ message: PublishedMessage) -> Bool {
        DemoWorld.regions.contains { LocalAWS.Sample.topicARN(in: $0) == message.topicARN }
    }

    /// Prints it.
    ///
    /// - Returns: whether everything happened exactly once, and nothing else.
    func report(on world: DemoWorld) -> Bool {
        let aws = world.aws
        let (checks, probes, failed) = world.invocations.withLock { ($0.checks, $0.probes, $0.failed) }
        let promotions = Self.promotions(in: aws)
        let expected = 2 * Promotion.allCases.count
        let home = DemoWorld.regions[0]
        let primary = aws.datastore(LocalAWS.Sample.datastoreID)?.primary?.region
        let writer = aws.globalCluster(LocalAWS.Sample.globalClusterID)?.writer?.region
        // A promotion begun and one finished, each time.
        let mails = aws.messages.count(where: Self.isMail)
        // Two records: each is made once, and changed with each promotion.
        let changes = aws.requests.count { $0.operation == "ChangeResourceRecordSets" } - 2

        print("\nSummary")
        print("  DNS flaps for \(0.5 * world.settings.interval) s: \(promotionsOfTheFlap) promotions")
        let areOnce = zip(0..., chapters).map { index, chapter in
            Promotion.allCases.map { report($0, of: chapter, index, in: promotions) }.allSatisfy(\.self)
        }
        let passed =
            promotions.count == expected && chapters.count == 2 && areOnce.allSatisfy(\.self)
            && chapters.allSatisfy(\.isOver) && primary == home && writer == home
            && callsInSteadyState == 0 && promotionsOfTheFlap == 0
            && failed.isEmpty && mails == 2 * expected && changes == expected
        print(
            """
              promotions: \(promotions.count) (expected \(expected)); mails: \(mails)
              in the end PRIMARY is \(primary ?? "nobody"), and WRITER \(writer ?? "nobody")
              \(DemoWorld.primaryName) and \(DemoWorld.writerName): made, and changed \(changes) times (expected \(expected))
              checks: \(checks); calls to AWS while nothing changed: \(callsInSteadyState); probes: \(probes)
              \(passed ? "All as it should be." : "NOT as it should be: see the timeline, and --show-logs.")
            """)
        return passed
    }

    private func report(
        _ promotion: Promotion, of chapter: Chapter, _ index: Int, in requests: [RecordedRequest]
    ) -> Bool {
        let requests = requests.filter { $0.operation == promotion.rawValue }
        let member = promotion.member(in: chapter.region)
        guard index < requests.count, promotion.member(in: requests[index]) == member, requests[index].status == 200
        else {
            print("  \(chapter.title): \(member) NOT promoted")
            return false
        }
        let seconds = String(format: "%.2f", requests[index].time.timeIntervalSince(chapter.began))
        print("  \(chapter.title): \(member) promoted once, \(seconds) s later")
        return true
    }
}

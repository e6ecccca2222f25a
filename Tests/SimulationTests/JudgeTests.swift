import Simulation
import Testing

@Suite("The judge")
struct JudgeTests {
    /// A promotion as it should be: DNS has moved to the west, whose function was told so twice, has read the group, and
    /// asked for its own member.
    private struct Case: Sendable, CustomTestStringConvertible {
        var breaks: Promise
        var terms = Judge.Terms()
        var facts = JudgeTests.promotion
        var testDescription: String { breaks.rawValue }

        init(_ promise: Promise, _ change: (inout Case) -> Void) {
            breaks = promise
            terms.confirmations = 2
            change(&self)
        }

        /// - Parameter time: in seconds.
        mutating func add(_ time: Double, _ facts: Witness.Fact...) {
            self.facts += facts.map { (time: .seconds(time), fact: $0) }
            self.facts.sort { $0.time < $1.time }
        }

        mutating func remove(_ isUnwanted: (Witness.Fact) -> Bool) { facts.removeAll { isUnwanted($0.fact) } }
    }

    private typealias Facts = [(time: Duration, fact: Witness.Fact)]

    private static let east = "us-east-1"
    private static let west = "us-west-2"
    private static let source = Witness.Source(region: west, process: 1)

    private static func group(primary: String = east, isBusy: Bool = false, id: String = "g") -> GroupModel {
        var group = GroupModel(
            kind: .datastore, id: id, members: [east, west].map { .init(id: "\(id)-\($0)", region: $0) },
            primary: "\(id)-\(primary)")
        if isBusy { group.operation = .init(number: 1, target: "\(id)-\(west)", endsAt: .zero, succeeds: true) }
        return group
    }

    private static func request(
        _ change: Witness.Change = .promotion, _ group: GroupModel = group(), of region: String = west
    ) -> Witness.Fact {
        .requested(change, group: group, member: "\(group.id)-\(region)", source)
    }

    private static let promotion: Facts = [
        (.zero, .ended(group: group(), succeeded: true)), (.seconds(90), .dnsMoved(to: west)),
        (.seconds(100), .told([west], source)), (.seconds(101), .told([west], source)),
        (.seconds(101.1), .read(group: "g", source)), (.seconds(101.2), request()),
        (.seconds(101.2), .accepted(.promotion, group: group(), member: "g-\(west)", source)),
        (.seconds(101.2), .begun(group: group(isBusy: true))),
        (.seconds(150), .ended(group: group(primary: west), succeeded: true)),
    ]

    /// What makes the group be read, and the member asked for, once more.
    private static func again(_ time: Double, _ facts: Witness.Fact...) -> Facts {
        ([.told([west], source), .told([west], source), .read(group: "g", source)] + facts).enumerated().map {
            (time: .seconds(time + Double($0) / 10), fact: $1)
        }
    }

    private static let cases: [Case] = [
        Case(.onlyTheOwnMember) {
            $0.remove { if case .requested = $0 { true } else { false } }
            $0.add(101.2, request(of: east))
            // It is in place as well, but was not for long.
            $0.add(80, .ended(group: group(), succeeded: true))
        },
        Case(.onlyWhereDNSSaysSo) { $0.terms.confirmations = 3 },
        Case(.onlyWhereDNSSaysSo) { $0.add(100.5, .told([], source)) },
        Case(.onlyWhereDNSSaysSo) { $0.add(101.05, .told([east, west], source)) },
        Case(.onlyWhatWasReadAnew) { $0.remove { if case .read = $0 { true } else { false } } },
        Case(.onlyWhatWasReadAnew) {
            $0.terms.confirmations = 1
            $0.add(101.3, request())
        },
        Case(.notWhereNothingIsWrong) { $0.terms.isTroubled = false },
        Case(.notWhilePaused) { $0.add(1, .paused) },
        Case(.notInDryRun) { $0.terms.isDryRun = true },
        Case(.notInHoldDown) {
            $0.terms.holdDown = .seconds(300)
            $0.add(200, .ended(group: group(), succeeded: true))
            $0.facts += again(
                210, request(), .accepted(.promotion, group: group(), member: "g-\(west)", source))
        },
        Case(.notWhatIsUnderWay) {
            $0.remove { if case .ended(let group, _) = $0 { group.primary == "g-\(west)" } else { false } }
            $0.facts += again(200, request(.promotion, group(isBusy: true)))
        },
        Case(.notWhatIsInPlace) { $0.facts += again(200, request(.promotion, group(primary: west))) },
        Case(.notWhatIsApart) { $0.add(1, .joined(false, member: "g-\(west)", group: "g")) },
        Case(.notWhatLags) {
            $0.terms.maximumLag = .seconds(10)
            $0.add(1, .lags(.seconds(11), member: "g-\(west)"))
        },
        Case(.inItsOrder) {
            $0.terms.first = "h"
            $0.add(0, .ended(group: group(id: "h"), succeeded: true))
        },
        Case(.noDetachmentUnasked) { $0.facts += again(290, request(.detachment)) },
        Case(.noDetachmentUnasked) {
            $0.terms.detachAfter = .seconds(200)
            $0.facts += again(290, request(.detachment))
        },
        Case(.noStorm) {
            for index in 0..<45 {
                $0.add(101.3 + 0.6 * Double(index), .refused(group: "g", source), .told([west], source), request())
            }
        },
        Case(.quietWhereNothingChanges) {
            $0.add(200, .settled); $0.add(330, .called("ListResourceRecordSets", source))
        },
        Case(.quietWhereNothingChanges) {
            $0.terms.cacheMaxAge = .seconds(60)
            $0.add(200, .settled)
            for time in [330.0, 389] { $0.add(time, .called("DescribeGlobalReplicationGroups", source)) }
        },
        Case(.answersInTime) { $0.add(170, .answered(in: east, .tooLate)) },
    ]

    @Test("finds nothing wrong in a promotion as it should be")
    func right() {
        var terms = Judge.Terms()
        terms.confirmations = 2
        #expect(Judge(terms).violations(in: Self.promotion) == [])
    }

    @Test("names the promise that is broken, and no other", arguments: cases)
    private func wrong(given: Case) {
        let violations = Judge(given.terms).violations(in: given.facts)
        #expect(Set(violations.map(\.promise)) == [given.breaks])
    }

    @Test("lets pass what each of the promises allows")
    func allowed() {
        let allowed: [(Promise, (inout Case) -> Void)] = [
            // It may be known late.
            (.notWhilePaused, { $0.add(60, .paused) }),
            (
                .notWhilePaused,
                {
                    $0.add(1, .paused); $0.add(2, .resumed)
                }
            ),
            (.notWhatIsApart, { $0.add(80, .joined(false, member: "g-\(Self.west)", group: "g")) }),
            (
                .notWhatLags,
                {
                    $0.terms.maximumLag = .seconds(10); $0.add(1, .lags(.seconds(9), member: "g-\(Self.west)"))
                }
            ),
            // What was refused may be asked for again.
            (.onlyWhatWasReadAnew, { $0.add(101.3, .refused(group: "g", Self.source), Self.request()) }),
            (
                .noDetachmentUnasked,
                {
                    $0.terms.detachAfter = .seconds(180)
                    $0.facts += Self.again(290, Self.request(.detachment))
                }
            ),
            (
                .quietWhereNothingChanges,
                {
                    $0.add(200, .settled); $0.add(319, .called("Publish", Self.source))
                }
            ),
            (
                .quietWhereNothingChanges,
                {
                    $0.add(200, .settled)
                    for time in [330.0, 387] { $0.add(time, .called("GetParameter", Self.source)) }
                }
            ),
            (
                .answersInTime,
                {
                    $0.terms.excusesLateness = { _, _ in true }; $0.add(170, .answered(in: Self.east, .tooLate))
                }
            ),
            (
                .inItsOrder,
                {
                    $0.terms.first = "h"
                    $0.add(0, .ended(group: Self.group(primary: Self.west, id: "h"), succeeded: true))
                }
            ),
        ]
        for (promise, change) in allowed {
            let given = Case(promise, change)
            #expect(Judge(given.terms).violations(in: given.facts).map(\.promise) == [], "\(promise)")
        }
    }

    @Test("wants the active region to be primary in the end, nothing under way, and each function to say so")
    func end() {
        let judge = Judge(Judge.Terms())
        func broken(_ group: GroupModel, _ said: [String: [String]] = [:]) -> [Promise] {
            judge.violations(atTheEnd: [group], active: Self.west, said: said, at: .zero).map(\.promise)
        }
        let right = Self.group(primary: Self.west)
        #expect(broken(right, [Self.east: ["standby"], Self.west: ["inPlace"]]) == [])
        #expect(broken(Self.group()) == [.comesRight])
        #expect(broken(Self.group(primary: Self.west, isBusy: true)) == [.comesRight])
        #expect(broken(right, [Self.east: ["inPlace"], Self.west: ["inPlace"]]) == [.agrees])
        #expect(broken(right, [Self.east: ["standby"], Self.west: []]) == [.agrees])
        var detached = Self.group()
        detached.detached = [.init(id: "g-\(Self.west)", region: Self.west)]
        #expect(broken(detached) == [])
    }
}

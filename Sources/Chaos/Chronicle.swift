internal import Foundation
internal import LocalAWS
internal import Simulation
internal import Synchronization

/// What happened in a run, as the local AWS, the resolvers' records and whoever runs the processes saw it.
///
/// Written down as it comes, by the wall clock, which all of them go by; `witness` puts it in order.
final class Chronicle: Sendable {
    enum Happening: Sendable {
        case moved(to: String)
        case told(regions: [String], Witness.Source)
        case arrived(RecordedRequest)
        /// The same, once it was carried out or not.
        case served(RecordedRequest)
        case promotedByHand(groupID: String, region: String)
        case ended(groupID: String, primary: String?, succeeded: Bool)
        case paused
        case resumed
        case started(Witness.Source)
        case exited(region: String)
        case invoked(region: String)
        /// - Parameter wasKilled: its process was, or did not answer and was stopped on the way.
        case answered(region: String, Witness.Ending, wasKilled: Bool)
    }

    let start = Date()
    private let happenings = Mutex<[(time: Date, what: Happening)]>([])

    func note(_ what: Happening, at time: Date = Date()) { happenings.withLock { $0.append((time, what)) } }

    var inOrder: [(time: Date, what: Happening)] {
        // Stable: what happened at the same time stays in the order in which it was noted.
        happenings.withLock { $0 }.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }.map(\.element)
    }

    func observe(_ aws: LocalAWS) {
        aws.events.observe { [self] event in
            switch event.kind {
            case .answerChanged(LocalAWS.Sample.recordName, _, let region?, _): note(.moved(to: region), at: event.time)
            case .requestServed(let request):
                note(.arrived(request), at: request.time)
                note(.served(request), at: event.time)
            case .failoverFinished(let id, let primary, let swapped):
                note(.ended(groupID: id, primary: primary, succeeded: swapped), at: event.time)
            case .auroraChanged(let change):
                guard let id = change.globalCluster else { break }
                switch change.kind {
                case .operationFinished(let operation):
                    note(.ended(groupID: id, primary: operation.to.region, succeeded: true), at: event.time)
                case .operationCameToNothing(let operation):
                    note(.ended(groupID: id, primary: operation.from.region, succeeded: false), at: event.time)
                default: break
                }
            default: break
            }
        }
    }

    // MARK: Whom a request comes from

    /// For `AWS_SDK_UA_APP_ID`, which the user agent of each request has.
    static func mark(of source: Witness.Source) -> String { "\(source.region).\(source.process)" }

    static func source(of request: RecordedRequest) -> Witness.Source? {
        let agent = request.headers["user-agent"] ?? ""
        guard let mark = agent.split(separator: " ").first(where: { $0.hasPrefix("app/") })?.dropFirst(4),
            let dot = mark.lastIndex(of: "."), let process = Int(mark[mark.index(after: dot)...])
        else { return nil }
        return Witness.Source(region: String(mark[..<dot]), process: process)
    }

    // MARK: What the functions were told

    /// From the resolver to a request, in seconds.
    private static let way = 0.05

    /// - Parameter path: of the record that a process's resolver has kept.
    func readLookups(_ path: String, of source: Witness.Source, targets: [Target]) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 3, let time = Double(words[0]), words[2] == LocalAWS.Sample.recordName else {
                continue
            }
            let addresses = Set(words.dropFirst(3))
            let regions = targets.filter { !addresses.isDisjoint(with: $0.addresses) }.map(\.region)
            // Against a promotion an answer counts when it has had the time to get through the process, and the request that
            // it would have stopped, the time to arrive here.
            let isAgainst = regions != [source.region]
            note(.told(regions: regions, source), at: Date(timeIntervalSince1970: time + (isAgainst ? Self.way : 0)))
        }
    }
}

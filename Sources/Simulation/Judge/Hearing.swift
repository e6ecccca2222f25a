/// What the judge remembers of what it has heard so far.
struct Hearing {
    private let terms: Judge.Terms
    private(set) var violations: [Judge.Violation] = []

    private var told: [Witness.Source: Answers] = [:]
    private var paused: Duration?
    private var pauses: [Witness.Source: (isPaused: Bool, time: Duration)] = [:]
    /// By group, since when it is being changed.
    private var begun: [String: Duration] = [:]
    /// Of two groups that which comes first, as it is now; and by region, until when it was in place there.
    private var first: GroupModel?
    private var inPlace: [String: Duration] = [:]
    private var settled: [String: Duration] = [:]
    /// By member, since when it takes no part in the replication.
    private var apart: [String: Duration] = [:]
    /// By member, since when it lags too far behind.
    private var lagging: [String: Duration] = [:]
    private var requests: [Key: Requests] = [:]
    private var lastReads: [Key: Duration] = [:]
    private var quietSince: Duration?
    private var calls: [String: Duration] = [:]

    private struct Key: Hashable {
        var group: String
        var source: Witness.Source
    }

    private struct Requests {
        /// Of promotions, since DNS has led here.
        var first: Duration?
        var accepted: Duration?
        /// The times of the last ones.
        var last: [Duration] = []
        /// Whether nothing can have come of the last one.
        var isRefused = false
    }

    /// Of DNS to a process: the last ones.
    private struct Answers {
        var last: [(time: Duration, regions: [String])] = []
    }

    /// After all has come right there may be something to do: to tell people, to write it down.
    private static let quietAfter = Duration.seconds(120)
    /// `PAUSE_PARAMETER` is read that often.
    private static let pauseInterval = Duration.seconds(55)
    private static let mostRequestsAMinute = 45
    /// What was seen so long ago of the first of two groups still counts.
    private static let longestTurn = Duration.seconds(90)

    init(_ terms: Judge.Terms) {
        self.terms = terms
    }

    mutating func hear(_ fact: Witness.Fact, at time: Duration) {
        switch fact {
        case .told(let regions, let source): hear(told: regions, source, at: time)
        case .called(let operation, let source): hear(call: operation, source, at: time)
        case .read(let group, let source): lastReads[Key(group: group, source: source)] = time
        case .requested(let change, let group, let member, let source):
            let what = "\(change) of \(member) by \(source.region)/\(source.process)"
            judge(what, member, group, source, at: time)
            if change == .promotion {
                judge(promotion: what, member, group, source, at: time)
            } else {
                judge(detachment: what, group, source, at: time)
            }
        case .accepted(.promotion, let group, let member, let source?):
            let key = Key(group: group.id, source: source)
            if let last = requests[key]?.accepted, time - last < terms.holdDown {
                violated(.notInHoldDown, "\(member), \((time - last).inSeconds) after the last", at: time)
            }
            requests[key, default: Requests()].accepted = time
        case .accepted(_, let group, _, _): note(group, at: time)
        case .refused(let group, let source): requests[Key(group: group, source: source)]?.isRefused = true
        case .begun(let group):
            begun[group.id] = time
            note(group, at: time)
        case .ended(let group, _):
            begun[group.id] = nil
            settled[group.id] = time
            note(group, at: time)
        case .joined(let isIn, let member, _): apart[member] = isIn ? nil : time
        case .lags(let lag, let member):
            let isTooMuch = terms.maximumLag.map { lag > $0 } ?? false
            lagging[member] = isTooMuch ? lagging[member] ?? time : nil
        case .readPause(let isPaused, let source):
            // Until when it was last said otherwise, it need not be known.
            if pauses[source]?.isPaused != isPaused { pauses[source] = (isPaused, time) }
        case .paused: paused = time
        case .resumed: paused = nil
        case .answered(let region, .tooLate) where !terms.excusesLateness(region, time):
            violated(.answersInTime, "the function of \(region)", at: time)
        case .settled: quietSince = time + Self.quietAfter
        case .dnsMoved, .started, .killed, .invoked, .answered, .records: break
        }
    }

    private mutating func violated(_ promise: Promise, _ what: String, at time: Duration) {
        violations.append(Judge.Violation(promise: promise, time: time, what: what))
    }

    /// Of two groups, the second goes by what the first is.
    private mutating func note(_ group: GroupModel, at time: Duration) {
        guard group.id == terms.first else { return }
        for member in (first ?? group).members where first?.isInPlace(in: member.region) ?? false {
            inPlace[member.region] = time
        }
        first = group
    }

    // MARK: What goes on all the time

    private mutating func hear(told regions: [String], _ source: Witness.Source, at time: Duration) {
        told[source, default: Answers()].last.append((time, regions))
        if let count = told[source]?.last.count, count > max(terms.confirmations, 1) {
            told[source]?.last.removeFirst()
        }
        guard !regions.isEmpty, regions != [source.region] else { return }
        for key in requests.keys where key.source == source { requests[key]?.first = nil }
    }

    private mutating func hear(call operation: String, _ source: Witness.Source, at time: Duration) {
        guard let quietSince, time > quietSince else { return }
        let key = "\(operation) \(source.region)/\(source.process)"
        defer { calls[key] = time }
        let interval: Duration?
        switch operation {
        case "GetParameter": interval = Self.pauseInterval
        case "DescribeGlobalReplicationGroups", "DescribeGlobalClusters": interval = terms.cacheMaxAge
        default: interval = nil
        }
        guard let interval else { return violated(.quietWhereNothingChanges, key, at: time) }
        if let last = calls[key], time - last < interval {
            violated(.quietWhereNothingChanges, "\(key), \((time - last).inSeconds) after the last", at: time)
        }
    }

    // MARK: Requests

    private mutating func judge(
        _ what: String, _ member: String, _ group: GroupModel, _ source: Witness.Source, at time: Duration
    ) {
        let key = Key(group: group.id, source: source)
        if terms.isDryRun { violated(.notInDryRun, what, at: time) }
        if !terms.isTroubled { violated(.notWhereNothingIsWrong, what, at: time) }
        if group.member(in: source.region)?.id != member { violated(.onlyTheOwnMember, what, at: time) }
        if let paused, let notice = terms.pauseNotice, time - paused > notice {
            violated(.notWhilePaused, "\(what), \((time - paused).inSeconds) after the pause", at: time)
        }
        if terms.readsPause {
            let pause = pauses[source]
            if pause == nil { violated(.notWhilePaused, "\(what), which has not read whether it is", at: time) }
            // What it was told, it need not have heard where the network is ill.
            if let pause, pause.isPaused, terms.pauseNotice != nil, time - pause.time > terms.longestCheck {
                violated(.notWhilePaused, "\(what), \((time - pause.time).inSeconds) after it was told so", at: time)
            }
        }
        let answers = told[source]?.last.suffix(terms.confirmations) ?? []
        if answers.count < terms.confirmations || answers.contains(where: { $0.regions != [source.region] })
            || time - (answers.last?.time ?? .zero) > terms.longestCheck
        {
            violated(.onlyWhereDNSSaysSo, "\(what), which was told \(answers.map(\.regions))", at: time)
        }
        // What was refused can be asked for again without another look.
        let last = requests[key].flatMap { $0.isRefused ? nil : $0.last.last }
        let isReadAnew = lastReads[key].map { read in
            time - read <= terms.longestCheck && last.map { $0 < read } ?? true
        }
        if isReadAnew != true { violated(.onlyWhatWasReadAnew, what, at: time) }
        requests[key, default: Requests()].last.append(time)
        requests[key]?.isRefused = false
        let recent = requests[key]?.last.filter { time - $0 < .seconds(60) } ?? []
        requests[key]?.last = recent
        if recent.count > Self.mostRequestsAMinute { violated(.noStorm, "\(what): \(recent.count)", at: time) }
    }

    private mutating func judge(
        promotion what: String, _ member: String, _ group: GroupModel, _ source: Witness.Source, at time: Duration
    ) {
        let key = Key(group: group.id, source: source)
        if requests[key]?.first == nil { requests[key]?.first = time }
        if let awaited = terms.first, awaited != group.id, first?.isInPlace(in: source.region) != true,
            inPlace[source.region].map({ time - $0 > terms.slack + Self.longestTurn }) ?? true
        {
            violated(.inItsOrder, what, at: time)
        }
        if let since = begun[group.id], time - since > terms.slack {
            violated(.notWhatIsUnderWay, "\(what), \((time - since).inSeconds) after it began", at: time)
        }
        if group.primary == member, time - (settled[group.id] ?? .zero) > terms.slack {
            violated(.notWhatIsInPlace, what, at: time)
        }
        if let since = apart[member], time - since > terms.slack { violated(.notWhatIsApart, what, at: time) }
        if let since = lagging[member], time - since > terms.slack { violated(.notWhatLags, what, at: time) }
    }

    private mutating func judge(
        detachment what: String, _ group: GroupModel, _ source: Witness.Source, at time: Duration
    ) {
        guard let after = terms.detachAfter else { return violated(.noDetachmentUnasked, what, at: time) }
        guard let first = requests[Key(group: group.id, source: source)]?.first, time - first >= after else {
            return violated(.noDetachmentUnasked, "\(what), too soon", at: time)
        }
    }
}

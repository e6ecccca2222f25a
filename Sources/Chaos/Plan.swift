internal import LocalAWS
internal import Simulation

/// All that is done to a world, drawn from a seed. When it happens is exact; in what state it meets real processes is not.
struct Plan: Sendable {
    private(set) var disturbances: [Disturbance] = []
    private let end: Duration
    private var random: SeededGenerator

    static let longestStop = Duration.seconds(20)
    static let oldestRead = Duration.seconds(15)

    /// For tests: what is to happen, and nothing by chance.
    init(_ disturbances: [Disturbance]) {
        self.disturbances = disturbances
        end = disturbances.map(\.ends).max() ?? .zero
        random = SeededGenerator(seed: 0)
    }

    /// - Parameter end: by when all is over.
    init(seed: UInt64, regions: [String], end: Duration) {
        self.end = end
        random = SeededGenerator(seed: seed)
        add(every: 5...30, for: 3...40) { _ in .outage }
        add(every: 15...50, for: 4...25) { .failovers(Self.pick([.revert, .stall, .refuse], &$0)) }
        add(every: 60...150, for: 20...180) { _ in .paused }
        add(every: 30...90, for: 0...0) { .promotedByHand(region: Self.pick(regions, &$0)) }
        for region in regions {
            add(every: 6...30, for: 0.5...15) {
                .nameServer(region: region, Self.pick(RegionalResolver.Trouble.allCases, &$0))
            }
            add(every: 4...25, for: 0.1...Self.longestStop.seconds) { _ in .stopped(region: region) }
            add(every: 10...60, for: 0...0) { _ in .killed(region: region) }
            for _ in 0..<2 { add(every: 2...12, for: 0.5...12) { Self.service(region, &$0) } }
        }
        disturbances.sort { $0.begins < $1.begins }
    }

    /// One after the other until the end, which none outlasts.
    /// - Parameters:
    ///   - pauses: between two, in seconds.
    ///   - lengths: in seconds; short ones are likelier than long ones.
    private mutating func add(
        every pauses: ClosedRange<Double>, for lengths: ClosedRange<Double>,
        _ kind: (inout SeededGenerator) -> Disturbance.Kind
    ) {
        var random = self.random.fork()
        var time = random.duration(in: .zero ... .seconds(pauses.lowerBound))
        while time < end {
            let share = random.duration(in: .zero ... .seconds(1)).seconds
            let length = lengths.lowerBound + (lengths.upperBound - lengths.lowerBound) * share * share
            let ends = min(time + .seconds(length), end)
            disturbances.append(Disturbance(kind: kind(&random), begins: time, ends: ends))
            time = ends + random.duration(in: .seconds(pauses.lowerBound) ... .seconds(pauses.upperBound))
        }
    }

    private static func pick<Value>(_ values: [Value], _ random: inout SeededGenerator) -> Value {
        values[random.index(below: values.count)]
    }

    /// The pause parameter is left alone: who cannot read it cannot know of a pause, and the judge could not say whether
    /// one was kept.
    private static func service(_ region: String, _ random: inout SeededGenerator) -> Disturbance.Kind {
        let (name, effect, headers) = effect(&random)
        let change = ["FailoverGlobalReplicationGroup", "FailoverGlobalCluster"]
        let aim = random.index(below: 10)
        // Signed for us-east-1 wherever it comes from: Route 53's are met by both regions.
        let service = aim < 2 ? "route53" : nil
        return .service(
            name,
            Fault(
                effect, service: service, operation: aim > 6 ? pick(change, &random) : nil,
                region: service == nil ? region : nil, exceptServices: ["ssm"],
                times: random.chance(0.5) ? 1 + random.index(below: 3) : nil, headers: headers))
    }

    /// More than is read of an answer.
    private static let hugeBody = "<a>" + String(repeating: "<Status>available</Status>", count: 1_000_000) + "</a>"

    private static func effect(_ random: inout SeededGenerator) -> (String, Fault.Effect, [String: String]) {
        switch random.index(below: 14) {
        case 0: return ("connection reset before the request is carried out", .drop, [:])
        case 1, 2: return ("connection reset after the request was carried out", .dropAfterwards, [:])
        case 3, 4: return ("latency", .latency(random.duration(in: .milliseconds(100) ... .seconds(15))), [:])
        case 5:
            let status = pick([500, 502, 503, 504], &random)
            return ("5xx", .error(status: status, code: "InternalFailure", message: "chaos"), [:])
        case 6: return ("throttled", .error(status: 400, code: "Throttling", message: "Rate exceeded"), [:])
        case 7: return ("denied", .error(status: 403, code: "AccessDenied", message: "chaos"), [:])
        case 8: return ("half an answer", .halfAnAnswer, [:])
        case 9: return ("never-ending answer", .halfAnAnswer, ["Content-Length": "1000000"])
        case 10:
            let pages = ["<html><body>Welcome to the hotel</body></html>", #"{"status":"available"}"#, ""]
            return ("wrong answer", .raw(status: 200, contentType: "text/xml", body: pick(pages, &random)), [:])
        case 11:
            return ("huge answer", .raw(status: 200, contentType: "text/xml", body: hugeBody), [:])
        case 12: return ("no answer", .hang, [:])
        default: return ("stale reads", .stale(random.duration(in: .seconds(1)...oldestRead)), [:])
        }
    }
}

import Foundation
import LocalAWS
import Simulation
import Testing

@testable import Chaos

@Suite("Runs with real processes", .serialized)
struct ChaosRunTests {
    private static func settings(rough: Duration, _ overrides: [String: String] = [:]) throws -> ChaosSettings {
        let logs = NSTemporaryDirectory() + "chaos-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        var settings = ChaosSettings(
            bootstrap: "\(ChildProcess.siblings)/bootstrap", seed: 7, length: rough + .seconds(120),
            calm: .seconds(120), logs: logs)
        settings.endsEarly = true
        settings.overrides = overrides
        return settings
    }

    private static func lost(_ settings: ChaosSettings) { try? FileManager.default.removeItem(atPath: settings.logs) }

    /// Nothing but DNS that leaves the primary's region, late enough for all functions to have begun, and stays away.
    private static let outage = Plan([.init(kind: .outage, begins: .seconds(3), ends: .seconds(14))])

    @Test("Under random faults nothing is done that should not be, and all comes right", .timeLimit(.minutes(4)))
    func randomFaults() async throws {
        let settings = try Self.settings(rough: .seconds(15))
        defer { Self.lost(settings) }
        let report = try await ChaosRun(settings).play()
        #expect(report.violations.isEmpty, "\(report.summary)")
        #expect(report.recovery != nil)
        // The judge has something to go by.
        #expect(report.counts.answersOfDNS > 15 && report.counts.requests > 5 && report.counts.answered > 1)
        #expect(report.faults.contains { $0.met ?? 0 > 0 })
    }

    @Test("Each promotion is seen, and its end", .timeLimit(.minutes(4)))
    func promotions() async throws {
        let settings = try Self.settings(rough: .seconds(14))
        defer { Self.lost(settings) }
        let report = try await ChaosRun(settings, plan: Self.outage).play()
        #expect(report.violations.isEmpty, "\(report.summary)")
        // There and back, each of two groups.
        #expect(report.counts.flips == 2)
        #expect(report.counts.accepted == 4)
        #expect(report.counts.finished == 4)
    }

    @Test("Functions that confirm less than they should, and know of no pause, are caught", .timeLimit(.minutes(4)))
    func wrongFunctions() async throws {
        let settings = try Self.settings(
            rough: .seconds(14), ["CONFIRMATIONS": "1", "PAUSE_PARAMETER": "/promoter/another"])
        defer { Self.lost(settings) }
        var terms = settings.terms
        terms.confirmations = 3
        terms.pauseNotice = .seconds(1)
        let pause = Disturbance(kind: .paused, begins: .zero, ends: .seconds(14))
        let report = try await ChaosRun(settings, plan: Plan([pause] + Self.outage.disturbances)).play(terms: terms)
        #expect(report.violations.contains { $0.promise == .onlyWhereDNSSaysSo })
        #expect(report.violations.contains { $0.promise == .notWhilePaused })
        #expect(!report.facts(before: try #require(report.violations.first), count: 50).isEmpty)
    }
}

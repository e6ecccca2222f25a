internal import Functions
package import JSON

/// What `promoter doctor` has found, in the order of a reader's interest.
package struct DoctorReport: Sendable {
    package let findings: [Finding]
    /// How many watches were looked at.
    package let watches: Int
    /// nil where none is set.
    package let region: String?

    /// With more watches than this, those that are well are only counted.
    private static let mostInFull = 10

    /// - Parameter findings: those of one subject in their order.
    package init(findings: [Finding], watches: Int, region: String?) {
        self.findings = Finding.Subject.allCases.flatMap { subject in findings.filter { $0.subject == subject } }
        self.watches = watches
        self.region = region
    }

    package var hasFailed: Bool { findings.contains { $0.level == .wrong } }

    /// A line a finding, as people read it.
    package var lines: [String] {
        guard watches > Self.mostInFull else { return findings.map { line($0) } }
        var lines = findings.filter { $0.watch == nil || $0.level != .good }.map { line($0) }
        let ill = Set(findings.filter { $0.level != .good }.compactMap(\.watch)).count
        if ill < watches { lines.append("\(Finding.Level.good.symbol) \(watches - ill) watches: all is well") }
        return lines
    }

    private func line(_ finding: Finding) -> String {
        let watch = finding.watch.flatMap { watches > 1 ? "\($0): " : nil } ?? ""
        let remedy = finding.remedy.map { ". \($0)" } ?? ""
        return "\(finding.level.symbol) \(finding.subject.rawValue): \(watch)\(finding.text)\(remedy)"
    }

    package var json: JSONValue {
        [
            "ok": .bool(!hasFailed), "region": region.map { .string($0) } ?? nil,
            "findings": .array(findings.map(\.json)),
        ]
    }
}

import Foundation
import Synchronization

/// The lines of the story, in the order in which things happened, each with its time.
///
/// What a promoter has logged is read a moment later, so lines are held back for a moment and sorted.
final class Timeline: Sendable {
    private struct Line {
        var time: Date
        var text: String
    }

    private let start: Date
    private let lines = Mutex<[Line]>([])

    private static let delay: TimeInterval = 0.2

    init(start: Date) {
        self.start = start
    }

    static let header = "  seconds  where         what"

    func tell(_ where: String, _ what: String, at time: Date) {
        let seconds = String(format: "%7.2f", max(0, time.timeIntervalSince(start)))
        let text = "  \(seconds)  \(`where`.padding(toLength: 12, withPad: " ", startingAt: 0))  \(what)"
        lines.withLock { $0.append(Line(time: time, text: text)) }
    }

    /// Prints what nothing earlier can come before any more.
    func flush(all: Bool = false) {
        let horizon = Date().addingTimeInterval(all ? 3600 : -Self.delay)
        let due = lines.withLock { lines in
            let due = lines.filter { $0.time <= horizon }
            lines.removeAll { $0.time <= horizon }
            return due
        }
        // Stable: what happened at the same time stays in the order in which it was told.
        for line in due.enumerated().sorted(by: { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }) {
            print(line.element.text)
        }
        fflush(nil)
    }
}

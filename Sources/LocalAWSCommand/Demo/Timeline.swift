import Foundation
import Synchronization

/// The lines of the story, in the order in which things happened, each with its time.
final class Timeline: Sendable {
    private let start: Date
    private let lastWords = Mutex<[String: String]>([:])

    init(start: Date) {
        self.start = start
    }

    static let header = "  time   where         what"

    func tell(_ where: String, _ what: String, at time: Date) {
        let seconds = max(0, Int(time.timeIntervalSince(start).rounded(.down)))
        let clock = String(format: "%02d:%02d", seconds / 60, seconds % 60)
        // One `print` a line: two threads never mix theirs.
        print("  \(clock)  \(`where`.padding(toLength: 12, withPad: " ", startingAt: 0))  \(what)")
    }

    /// Only what is new: a check that says the same as the one before is not told again.
    func tellIfNew(_ where: String, _ what: String, _ detail: String, at time: Date) {
        let isNew = lastWords.withLock { words in
            defer { words[`where`] = what }
            return words[`where`] != what
        }
        if isNew { tell(`where`, what + detail, at: time) }
    }
}

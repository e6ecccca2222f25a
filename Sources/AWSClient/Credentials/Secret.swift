/// A text that never appears in a log, an error or a dump, because its type does not show it. Who needs
/// the text itself has to ask for it by `revealed`, which is easy to find in a review.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package let revealed: String

    package init(_ text: String) {
        revealed = text
    }

    package var description: String { "(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

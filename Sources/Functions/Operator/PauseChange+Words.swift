package import JSON
package import Promotion

extension PauseSwitch.Change {
    /// What has changed, in words.
    package var sentence: String {
        let done = isPaused ? "paused" : "resumed"
        guard isNew else { return "\(done): it takes the functions up to a minute to see it" }
        let otherwise = isPaused ? "nothing is paused" : "the pause goes on"
        return
            "\(done), but parameter \(parameter) did not exist, and was created: see that the functions have this name"
            + " in PAUSE_PARAMETER; if they have another, \(otherwise)"
    }

    package var json: JSONValue {
        ["message": .string(sentence), "parameter": .string(parameter), "created": .bool(isNew)]
    }
}

import HealthProbe
import Testing

@Suite struct HealthStateTests {
    /// One character a probe: + and - are probes that found it healthy and not, upper and lower case of what it counts
    /// as after each is H or U, with an exclamation mark where it changed by that.
    @Test(
        "What a target counts as after each probe",
        arguments: [
            (1, 1, "+--+", "H! U! U H!"), (1, 1, "-+", "U! H!"), (2, 1, "+-+--+", "H! H H H U! H!"),
            (3, 2, "+---+-++", "H! H H U! U U U H!"), (2, 3, "-+++", "U! U U H!"), (3, 3, "-----", "U! U U U U"),
            (2, 2, "+-+-+-", "H! H H H H H"), (2, 2, "-+-+-+", "U! U U U U U"), (3, 1, "+--+---", "H! H H H H H U!"),
        ])
    func smoothing(_ failures: Int, _ successes: Int, _ probes: String, _ expected: String) {
        var state = HealthState()
        #expect(state.isHealthy == nil)
        let smoothing = HealthState.Smoothing(failuresToUnhealthy: failures, successesToHealthy: successes)
        let seen = probes.map { probe in
            let hasChanged = state.note(probe == "+", smoothing)
            return (state.isHealthy == true ? "H" : "U") + (hasChanged ? "!" : "")
        }
        #expect(seen.joined(separator: " ") == expected)
    }

    @Test("Without smoothing each probe counts")
    func plain() {
        #expect(HealthState.Smoothing() == .init(failuresToUnhealthy: 1, successesToHealthy: 1))
    }
}

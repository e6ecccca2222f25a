import AWSClient
import HTTPTransport
import Testing

@Suite struct ClockSkewTests {
    /// The world's clock says 12:36:00.
    private static func refusal(_ code: String, date: String) -> FakeExecutor.Outcome {
        .error(403, code, headers: ["Date": "Sun, 30 Aug 2015 \(date) GMT"])
    }

    @Test(
        "The time of the server is taken over where it explains the refusal",
        arguments: [
            ("RequestTimeTooSkewed", "13:00:00", true), ("RequestExpired", "12:20:00", true),
            ("RequestInTheFuture", "12:20:00", true), ("InvalidSignatureException", "13:00:00", true),
            ("SignatureDoesNotMatch", "12:40:01", true), ("AuthFailure", "13:00:00", true),
            ("SignatureDoesNotMatch", "12:40:00", false), ("SignatureDoesNotMatch", "12:36:00", false),
            ("AccessDenied", "13:00:00", false), ("SignatureDoesNotMatch", "nonsense", false),
        ])
    func correcting(code: String, date: String, isCorrected: Bool) async throws {
        let world = World()
        let executor = FakeExecutor(Self.refusal(code, date: date), .identity)
        let client = try world.client(executor)
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
        #expect((error == nil) == isCorrected)
        #expect(executor.requests.count == (isCorrected ? 2 : 1))
        #expect(world.current.slept.isEmpty)
        if isCorrected {
            let digits = String(date.filter { $0 != ":" })
            #expect(executor.requests.last?.headers["X-Amz-Date"] == "20150830T\(digits)Z")
            // And it stays so.
            _ = try await STS(client).getCallerIdentity(deadline: world.deadline)
            #expect(executor.requests.last?.headers["X-Amz-Date"] == "20150830T\(digits)Z")
        }
    }

    @Test("It is taken over once a call: a server that goes on refusing is believed")
    func once() async throws {
        let world = World()
        let executor = FakeExecutor(
            Self.refusal("RequestTimeTooSkewed", date: "13:00:00"),
            Self.refusal("RequestTimeTooSkewed", date: "14:00:00"))
        let client = try world.client(executor, World.keys.merging(["AWS_MAX_ATTEMPTS": "9"]) { $1 })
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
        #expect(error?.awsCode == "RequestTimeTooSkewed")
        #expect(executor.requests.count == 2)
    }
}

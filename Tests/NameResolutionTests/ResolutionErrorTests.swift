import Testing

@testable import NameResolution

@Suite("Errors of name resolution")
struct ResolutionErrorTests {
    @Test(
        "What getaddrinfo says becomes a code",
        arguments: [
            (-2, .notFound), (-5, .noData), (-9, .noData), (-3, .temporary), (-4, .failed(-4)), (-11, .failed(5)),
            (-10, .failed(-10)), (-99, .failed(-99)),
        ] as [(Int32, ResolutionError.Code)])
    func statuses(status: Int32, code: ResolutionError.Code) async {
        let resolver = SystemResolver { name throws(ResolutionError) in
            throw ResolutionError(status: status, systemError: 5, name: name)
        }
        let error = await #expect(throws: ResolutionError.self) {
            try await resolver.resolve("app.test", deadline: .now + .seconds(3600))
        }
        #expect(error?.code == code && error?.name == "app.test" && error?.reason.isEmpty == false)
        #expect(error?.description.contains(#""app.test""#) == true)
    }

    @Test("A system error is told in the system's words, and a line break in a name does not get through")
    func descriptions() {
        let error = ResolutionError(status: -11, systemError: 24, name: "a\nb")
        #expect(error.description.contains("Too many open files"))
        #expect(!error.description.contains("\n"))
    }
}

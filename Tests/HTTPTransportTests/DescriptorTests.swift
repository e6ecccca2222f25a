import Foundation
import HTTPTransport
import Testing

@Suite("Waiting for descriptors of others")
struct DescriptorTests {
    /// The two ends of a connection.
    final class Pair: Sendable {
        let one: Int32
        let other: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { throw POSIXError(.EMFILE) }
            (one, other) = (ends[0], ends[1])
        }

        deinit {
            close(one)
            close(other)
        }

        func say() { _ = write(other, "x", 1) }
        func hangUp() { shutdown(other, Int32(SHUT_RDWR)) }
    }

    static let client = HTTPClient(caBundle: CABundle(environment: [:]))
    static let long = Duration.seconds(60)

    @Test("It ends when there is something to read, when the other side hangs up, and at once when it is so already")
    func ready() async throws {
        let pair = try Pair()
        #expect(try await Self.client.wait(for: .writable, of: pair.one, deadline: .now + Self.long))
        #expect(try await Self.client.wait(for: .either, of: pair.one, deadline: .now + Self.long))
        async let first = Self.client.wait(for: .readable, of: pair.one, deadline: .now + Self.long)
        pair.say()
        #expect(try await first)
        #expect(try await Self.client.wait(for: .readable, of: pair.one, deadline: .now + Self.long))
        let lost = try Pair()
        async let second = Self.client.wait(for: .readable, of: lost.one, deadline: .now + Self.long)
        lost.hangUp()
        #expect(try await second)
    }

    @Test("It ends at its deadline, each at its own")
    func deadlines() async throws {
        let pairs = try (0..<3).map { _ in try Pair() }
        async let late = Self.client.wait(for: .readable, of: pairs[0].one, deadline: .now + Self.long)
        let isReady = try await Self.client.wait(
            for: .readable, of: pairs[1].one, deadline: .now + .milliseconds(20))
        #expect(!isReady)
        // What is overdue before it begins.
        #expect(try await !Self.client.wait(for: .readable, of: pairs[2].one, deadline: .now - .seconds(1)))
        pairs[0].say()
        #expect(try await late)
    }

    @Test("A cancellation ends it at once, whether or not it has begun, and no other")
    func cancellation() async throws {
        let pairs = try (0..<2).map { _ in try Pair() }
        let other = Task { try await Self.client.wait(for: .readable, of: pairs[1].one, deadline: .now + Self.long) }
        for _ in 0..<100 {
            let task = Task { try await Self.client.wait(for: .readable, of: pairs[0].one, deadline: .now + Self.long) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        pairs[1].say()
        #expect(try await other.value)
    }

    @Test("Several hundred at a time, each told of its own")
    func many() async throws {
        let pairs = try (0..<300).map { _ in try Pair() }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for pair in pairs {
                group.addTask { try await Self.client.wait(for: .readable, of: pair.one, deadline: .now + Self.long) }
            }
            for pair in pairs.reversed() {
                pair.say()
                let isReady = try await group.next()
                #expect(isReady == true)
            }
        }
    }
}

import Foundation
import Glibc
import LocalAWS
import Testing

@Suite("With nothing up but DNS and the own region")
struct StaticStabilityTests {
    typealias D = Deployment

    /// A port that takes connections and never says a word.
    final class DeafPort {
        private let descriptor: Int32
        let url: String

        struct Failed: Error {
            var code: Int32
        }

        init() throws {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let descriptor = descriptor
            let isListening = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    bind(descriptor, address, size) == 0 && listen(descriptor, 100) == 0
                        && getsockname(descriptor, address, &size) == 0
                }
            }
            url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
            guard isListening else { throw Failed(code: errno) }
        }

        deinit { close(descriptor) }

        /// The connections since they were last counted.
        func connections() -> Int {
            var count = 0
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return count }
                close(connection)
                count += 1
            }
        }
    }

    /// What the function is told of the records, where it does not ask Route 53.
    static let recordTargets: String = {
        let targets = [D.east, D.west].map { region in
            #""\#(region)":["\#(LocalAWS.Sample.target(in: region).name.withoutFinalDot)"]"#
        }
        return "{\(targets.joined(separator: ","))}"
    }()

    /// Every service that is not of the own region is a deaf port, or hangs.
    static func world(_ deaf: DeafPort, _ variables: [String: String?]) async throws -> Deployment {
        let elsewhere: [String: String?] = ["AWS_ENDPOINT_URL_ROUTE_53": deaf.url, "AWS_ENDPOINT_URL_STS": deaf.url]
        return try await Deployment(regions: [D.west], variables: elsewhere.merging(variables) { $1 }) { aws in
            aws.takeDown(region: D.east, by: .hang)
            try aws.setHealthy(false, region: D.east)
        }
    }

    @Test("With RECORD_TARGETS a cold start promotes, and asks nobody else")
    func recordTargets() async throws {
        let deaf = try DeafPort()
        let world = try await Self.world(deaf, ["RECORD_TARGETS": Self.recordTargets, "HOSTED_ZONE_ID": nil])
        #expect(try await world.check(D.west).decision == "promote")
        world.finishFailover()
        #expect(try await world.check(D.west).reason == "inPlace")
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        #expect(deaf.connections() == 0)
        #expect(world.aws.requests.allSatisfy { $0.service == "elasticache" && $0.region == D.west })
        await world.stop()
    }

    @Test("Also where HOSTED_ZONE_ID is left set")
    func unusedZone() async throws {
        let deaf = try DeafPort()
        let world = try await Self.world(deaf, ["RECORD_TARGETS": Self.recordTargets])
        #expect(try await world.check(D.west).decision == "promote")
        #expect(deaf.connections() == 0)
        await world.stop()
    }

    @Test("Without it the function starts in Lambda's time all the same, and answers each invocation in its own")
    func withoutRecords() async throws {
        let deaf = try DeafPort()
        let world = try await Self.world(deaf, [:])
        var options = InvocationOptions()
        // Lambda gives a start no more.
        options.deliveryTimeout = .seconds(10)
        for _ in 0..<2 {
            let outcome = try await world.function(D.west).invoke(timeout: OutageTests.timeout, options: options)
            guard case .error(let type, _) = outcome else {
                Issue.record("not an error: \(outcome)")
                continue
            }
            #expect(type.hasPrefix("Function."))
        }
        #expect(deaf.connections() > 0)
        #expect(world.promotionRequests.isEmpty)
        await world.stop()
    }

    @Test("When Route 53 answers again after such a start the next invocation promotes")
    func route53Returns() async throws {
        let world = try await Deployment(regions: [D.west], start: false)
        try world.aws.setHealthy(false, region: D.east)
        let fault = world.aws.inject(Fault(.hang, service: "route53"))
        try world.launch(D.west)
        guard case .error = try await world.invoke(D.west, timeout: OutageTests.timeout) else {
            Issue.record("no error")
            return
        }
        world.aws.remove(fault)
        #expect(try await world.check(D.west).decision == "promote")
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        await world.stop()
    }
}

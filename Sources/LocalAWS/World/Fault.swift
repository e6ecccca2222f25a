package struct FaultID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let number: Int
    package init(number: Int) { self.number = number }
    package var description: String { "fault-\(number)" }
}

/// Something that goes wrong with the requests it matches.
package struct Fault: Sendable, Equatable {
    package enum Effect: Sendable, Equatable {
        /// The answer comes this much later, in real time. Goes together with another fault.
        case latency(Duration)
        /// An error in the service's own form, in place of the operation.
        case error(status: Int, code: String, message: String)
        /// An answer that is none of the service's: a proxy's page, half an XML document, nothing.
        case raw(status: Int, contentType: String, body: String)
        /// The operation is carried out; of its answer only the first half comes. With a header `Content-Length` that is
        /// longer than that, the client goes on waiting for the rest.
        case halfAnAnswer
        /// Datastores of ElastiCache are described as they were so long ago, two minutes at most, by the emulator's clock.
        case stale(Duration)
        /// No answer ever, until the fault is removed: then the connection is closed.
        case hang
        /// The connection is closed, and nothing was done.
        case drop
        /// The operation is carried out, then the connection is closed: a lost answer.
        case dropAfterwards
        /// Not of a request: what becomes of a message that SNS has for a function.
        case notification(Notification)
    }

    package enum Notification: Sendable, Equatable {
        /// It never comes.
        case lost
        /// It comes once more, so many times.
        case repeated(Int)
        /// It comes so much later, by the emulator's clock.
        case delayed(Duration)
        /// It comes after the next one for the same function that is not held back itself.
        case overtaken
    }

    package var effect: Effect
    /// Of an error, a raw answer or half of one: `x-amz-retry-after`, say.
    package var headers: [String: String] = [:]
    /// As in the credential scope (`elasticache`, `monitoring` for CloudWatch); nil matches all.
    package var service: String?
    package var operation: String?
    /// The signing region; of a notification the topic's.
    package var region: String?
    /// Services that are spared, for a region that is down but for those.
    package var exceptServices: Set<String> = []
    /// So many requests; nil: until removed.
    package var times: Int?

    package init(
        _ effect: Effect, service: String? = nil, operation: String? = nil, region: String? = nil,
        exceptServices: Set<String> = [], times: Int? = nil, headers: [String: String] = [:]
    ) {
        self.effect = effect
        self.service = service
        self.operation = operation
        self.region = region
        self.exceptServices = exceptServices
        self.times = times
        self.headers = headers
    }

    var notification: Notification? {
        if case .notification(let notification) = effect { return notification }
        return nil
    }

    func matches(service: String, operation: String, region: String) -> Bool {
        notification == nil && !exceptServices.contains(service)
            && (self.service ?? service) == service
            && (self.operation ?? operation) == operation
            && (self.region ?? region) == region
    }
}

package import Foundation
import Synchronization

/// A request as the log keeps it.
package struct RecordedRequest: Sendable {
    package let number: Int
    /// By the emulator's clock, when the request came.
    package let time: Date
    package let service: String
    package let operation: String
    package let region: String
    package let accessKeyID: String?
    package let parameters: [String: String]
    package let headers: [String: String]
    /// nil: no answer was sent.
    package let status: Int?
    /// Of a refusal in the service's own form.
    package let errorCode: String?
    /// AWS has done what it was asked, whatever became of the answer.
    package let isCarriedOut: Bool
    /// The fault that it suffered.
    package let fault: FaultID?
}

final class RequestLog: Sendable {
    private let entries = Mutex<(list: [RecordedRequest], count: Int)>(([], 0))

    var all: [RecordedRequest] { entries.withLock { $0.list } }

    /// - Parameter make: gets the request's number.
    func record(_ make: (Int) -> RecordedRequest) -> RecordedRequest {
        entries.withLock { entries in
            entries.count += 1
            let request = make(entries.count)
            entries.list.append(request)
            return request
        }
    }

    func clear() { entries.withLock { $0.list = [] } }
}

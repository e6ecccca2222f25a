import Foundation

struct ControlAPI {
    let aws: LocalAWS
    func handle(_ request: LocalHTTPRequest) async -> LocalHTTPReply { .text(404, "") }
}

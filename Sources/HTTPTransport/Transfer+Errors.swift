internal import CLibcurl

extension Transfer {
    func error(_ code: HTTPTransportError.Code, _ reason: String) -> HTTPTransportError {
        let phase = handle.phase
        return HTTPTransportError(
            code: code, activity: "\(request.method) \(request.url)", reason: reason,
            requestMayHaveBeenSent: phase == .exchange, phase: phase)
    }

    func error(for code: CURLcode) -> HTTPTransportError {
        if let refusal { return error(refusal.code, refusal.reason) }
        let hasSent = handle.phase == .exchange
        return error(.init(code, hasSent: hasSent, deadline: deadline), handle.reason(for: code))
    }
}

internal import CLibcurl

extension Transfer {
    func error(_ code: HTTPTransportError.Code, _ reason: String) -> HTTPTransportError {
        var untilRequest: curl_off_t = 0
        promoter_getinfo_off_t(easy, CURLINFO_PRETRANSFER_TIME_T, &untilRequest)
        return HTTPTransportError(
            code: code, activity: "\(request.method) \(request.url)", reason: reason,
            requestMayHaveBeenSent: untilRequest > 0)
    }

    func error(for code: CURLcode) -> HTTPTransportError {
        if let refusal { return error(refusal.code, refusal.reason) }
        let detail = String(decoding: errorBuffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let reason = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        switch code {
        case CURLE_URL_MALFORMAT: return error(.invalidRequest, reason)
        // Of our URL before anything was sent, of the answer (not HTTP, or HTTP/0.9) after that.
        case CURLE_UNSUPPORTED_PROTOCOL:
            let failure = error(.invalidRequest, reason)
            return failure.requestMayHaveBeenSent ? error(.connectionLost, reason) : failure
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return error(.nameNotResolved, reason)
        case CURLE_COULDNT_CONNECT: return error(.connectFailed, reason)
        case CURLE_OPERATION_TIMEDOUT:
            // Two time-outs end here: that of connecting and that of the whole.
            let isDeadline = deadline.map { $0 - .now < .milliseconds(2) } ?? false
            return error(isDeadline ? .deadlineExceeded : .connectFailed, reason)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED, CURLE_SSL_ISSUER_ERROR:
            return error(.tlsFailed, reason)
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_WEIRD_SERVER_REPLY,
            CURLE_HTTP2, CURLE_BAD_CONTENT_ENCODING:
            return error(.connectionLost, reason)
        default: return error(.library, reason)
        }
    }
}

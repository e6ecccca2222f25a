internal import HTTPTransport

/// Answers of AWS, in the bytes of its protocols.
enum Answers {
    static func query(_ operation: String, _ result: String) -> HTTPResponse {
        xml(200, "<\(operation)Response><\(operation)Result>\(result)</\(operation)Result></\(operation)Response>")
    }

    static func json(_ text: String) -> HTTPResponse { HTTPResponse(status: 200, body: Array(text.utf8)) }

    static func xml(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "text/xml"], body: Array(text.utf8))
    }

    static func failure(_ status: Int, _ code: String, of call: ServiceCall) -> HTTPResponse {
        if call.service == "ssm" {
            return HTTPResponse(
                status: status, headers: ["Content-Type": "application/x-amz-json-1.1"],
                body: Array(#"{"__type":"\#(code)","message":"simulated"}"#.utf8))
        }
        return xml(
            status,
            "<ErrorResponse><Error><Type>\(status < 500 ? "Sender" : "Receiver")</Type><Code>\(code)</Code>"
                + "<Message>simulated</Message></Error><RequestId>r</RequestId></ErrorResponse>")
    }

    static func refusal(_ refusal: Incident.Refusal, of call: ServiceCall) -> HTTPResponse {
        switch refusal {
        case .throttling where call.operation == "ChangeResourceRecordSets":
            failure(400, "PriorRequestNotComplete", of: call)
        case .throttling: failure(400, call.service == "ssm" ? "ThrottlingException" : "Throttling", of: call)
        case .internalFailure: failure(500, "InternalFailure", of: call)
        case .unavailable: failure(503, "ServiceUnavailable", of: call)
        case .denied: failure(403, "AccessDenied", of: call)
        case .rubbish: xml(200, "<html>captive portal")
        case .invalidState: failure(400, invalidState(call), of: call)
        }
    }

    static func invalidState(_ call: ServiceCall) -> String {
        call.service == "rds" ? "InvalidGlobalClusterStateFault" : "InvalidGlobalReplicationGroupState"
    }
}

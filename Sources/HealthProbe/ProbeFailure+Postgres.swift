internal import PostgresClient

extension ProbeFailure {
    /// - Parameters:
    ///   - step: in a session; what was before it says its own.
    ///   - password: what must not be in it: who knows what a server repeats.
    init(_ error: PostgresError, during step: Step, hiding password: String) {
        let reached: Step =
            switch error.phase {
            case .connect: .connect
            case .tlsHandshake: .tls
            case .login: .auth
            case .exchange: step
            }
        let isShown = password.isEmpty || !error.reason.contains(text: password)
        let detail = isShown ? error.reason : "the reason is not shown, since it has the password in it"
        let reason: Reason =
            switch error.code {
            case .deadlineExceeded: .timeout
            case .refused where error.phase < .exchange: Self.reason(ofRefusedLogin: error.sqlState ?? "")
            // What speaks another protocol, or hangs up: nobody's login was refused.
            case .failed where error.phase == .login: .connect
            case .refused, .failed, .cancelled: reached.reason
            }
        self.init(reason, during: reached, code: error.sqlState, detail)
    }

    /// Class 28 is about who somebody is; 42501 is what a user gets who may not connect to the database. What else
    /// there is (53300 too_many_connections, 57P03 cannot_connect_now, 3D000 invalid_catalog_name, …) is no matter of
    /// whose login it is.
    private static func reason(ofRefusedLogin sqlState: String) -> Reason {
        sqlState.hasPrefix("28") || sqlState == "42501" ? .auth : .connect
    }
}

extension String {
    /// The standard library's own brings regular expressions along, a megabyte of them.
    fileprivate func contains(text: String) -> Bool {
        let (bytes, wanted) = (Array(utf8), Array(text.utf8))
        return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
    }
}

/// A reply in version 2 of Redis's protocol. See https://redis.io/docs/latest/develop/reference/protocol-spec/
package enum RESPValue: Sendable, Equatable {
    case simple(String)
    case error(RedisError)
    case integer(Int64)
    case bulk([UInt8])
    /// No string, or no array.
    case null
    case array([RESPValue])

    /// The text of a string of either kind.
    package var text: String? {
        switch self {
        case .simple(let text): text
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }
}

/// What Redis says instead of doing what it was asked.
package struct RedisError: Error, Sendable, Equatable {
    /// Its first word, such as `READONLY`, `WRONGPASS` or `ERR`.
    package var code: String
    /// All of it, the code included.
    package var message: String

    package init(_ message: String) {
        code = String(message.prefix { $0 != " " })
        self.message = message
    }
}

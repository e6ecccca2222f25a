internal import CJansson

extension JSONValue {
    /// Reads a JSON text (RFC 8259): any value at the top level, UTF-8, no member twice in an object.
    ///
    /// - Throws: where the text is no JSON, nests deeper than jansson's limit of 2,048, or holds an
    ///   integer beyond 64 bits, a real number beyond `Double`, or a NUL in a member's name.
    package init(parsing text: some Sequence<UInt8>) throws(JSONError) {
        let text = Array(text)
        // jansson takes the null pointer of an empty array for a mistake of the caller.
        guard !text.isEmpty else { throw JSONError(path: "", reason: "not JSON: the text is empty") }
        // A NUL is the end of the text to jansson's lexer, whatever comes after it. (In a string it must be escaped.)
        if let offset = text.firstIndex(of: 0) { throw JSONError(path: "", reason: "not JSON: NUL at byte \(offset)") }
        var failure = json_error_t()
        let flags = Int(JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES)
        let parsed = text.withUnsafeBytes { bytes in
            json_loadb(bytes.baseAddress, bytes.count, flags, &failure)
        }
        guard let parsed else {
            let reason = withUnsafeBytes(of: &failure.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            throw JSONError(
                path: "", reason: "not JSON (line \(failure.line), column \(failure.column)): \(Self.oneLine(reason))")
        }
        defer { json_decref(parsed) }
        self.init(copying: parsed)
    }

    /// Copies what jansson parsed. A parsed tree is at most 2,048 levels deep, so the recursion is bounded.
    private init(copying value: UnsafeMutablePointer<json_t>) {
        switch promoter_json_type(value) {
        case JSON_OBJECT:
            var members: [Member] = []
            var iterator = json_object_iter(value)
            while let current = iterator {
                if let key = json_object_iter_key(current), let member = json_object_iter_value(current) {
                    let bytes = UnsafeBufferPointer(start: key, count: json_object_iter_key_len(current))
                    members.append(Member(Self.text(bytes), JSONValue(copying: member)))
                }
                iterator = json_object_iter_next(value, current)
            }
            self = .object(members)
        case JSON_ARRAY:
            self = .array(
                (0..<json_array_size(value)).compactMap { index in
                    json_array_get(value, index).map { JSONValue(copying: $0) }
                })
        case JSON_STRING:
            let bytes = UnsafeBufferPointer(start: json_string_value(value), count: json_string_length(value))
            self = .string(Self.text(bytes))
        case JSON_INTEGER: self = .integer(Int64(json_integer_value(value)))
        case JSON_REAL: self = .real(json_real_value(value))
        case JSON_TRUE: self = .bool(true)
        case JSON_FALSE: self = .bool(false)
        default: self = .null
        }
    }

    /// jansson quotes the text where it ends to be JSON, as it is.
    private static func oneLine(_ reason: String) -> String {
        var line = ""
        for scalar in reason.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: line += scalar.escaped(asASCII: true)
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }

    private static func text(_ bytes: UnsafeBufferPointer<CChar>) -> String {
        String(decoding: UnsafeRawBufferPointer(bytes), as: UTF8.self)
    }
}

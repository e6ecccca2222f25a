internal import CJansson

extension JSONValue {
    /// Reads a JSON text (RFC 8259): any value at the top level, UTF-8, no member twice in an object.
    ///
    /// - Throws: where the text is no JSON, nests deeper than jansson's limit of 2,048, or holds an
    ///   integer beyond 64 bits.
    package init(parsing text: some Sequence<UInt8>) throws(JSONError) {
        var failure = json_error_t()
        let flags = Int(JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES)
        let parsed = Array(text).withUnsafeBytes { bytes in
            json_loadb(bytes.baseAddress, bytes.count, flags, &failure)
        }
        guard let parsed else {
            let reason = withUnsafeBytes(of: &failure.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            throw JSONError(path: "", reason: "not JSON (line \(failure.line), column \(failure.column)): \(reason)")
        }
        defer { json_decref(parsed) }
        self.init(copying: parsed)
    }

    /// The value as JSON text without white space.
    package func serialized() -> [UInt8] {
        guard let value = makeJansson() else { return Array("null".utf8) }
        defer { json_decref(value) }
        var output: [UInt8] = []
        // 15 digits: enough that what was written as 0.1 reads 0.1 again.
        let flags = JSON_COMPACT | JSON_ENCODE_ANY | 15 << 11
        let status = withUnsafeMutablePointer(to: &output) { pointer in
            json_dump_callback(
                value,
                { bytes, count, context in
                    guard let bytes, let context else { return -1 }
                    let chunk = UnsafeRawBufferPointer(start: bytes, count: count)
                    context.assumingMemoryBound(to: [UInt8].self).pointee.append(contentsOf: chunk)
                    return 0
                }, pointer, Int(flags))
        }
        return status == 0 ? output : Array("null".utf8)
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

    private static func text(_ bytes: UnsafeBufferPointer<CChar>) -> String {
        String(decoding: UnsafeRawBufferPointer(bytes), as: UTF8.self)
    }

    /// The same value for jansson; the caller owns the reference. nil where memory ran out.
    private func makeJansson() -> UnsafeMutablePointer<json_t>? {
        switch self {
        case .null: return json_null()
        case .bool(let value): return value ? json_true() : json_false()
        case .integer(let value): return json_integer(json_int_t(value))
        // JSON has no infinity; null is what JavaScript writes, too.
        case .real(let value): return value.isFinite ? json_real(value) : json_null()
        case .string(let value): return Self.makeString(value)
        case .array(let elements):
            guard let array = json_array() else { return nil }
            for element in elements { json_array_append_new(array, element.makeJansson()) }
            return array
        case .object(let members):
            guard let object = json_object() else { return nil }
            for member in members {
                var key = member.key
                key.withUTF8 { bytes in
                    bytes.withMemoryRebound(to: CChar.self) { key in
                        _ = json_object_setn_new_nocheck(object, key.baseAddress, key.count, member.value.makeJansson())
                    }
                }
            }
            return object
        }
    }

    private static func makeString(_ value: String) -> UnsafeMutablePointer<json_t>? {
        var value = value
        // A Swift string is always valid UTF-8: jansson need not check it again.
        return value.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { json_stringn_nocheck($0.baseAddress, $0.count) }
        }
    }
}

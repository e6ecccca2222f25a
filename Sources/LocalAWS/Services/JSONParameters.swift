import Foundation

/// A JSON body as the flat names that the query protocol would have for it: `Dimensions.member.1.Name`.
/// A service reads one kind of parameters then, and the log shows one.
enum JSONParameters {
    /// - Returns: nil if the body is no JSON object. An empty body is an empty one.
    static func flatten(_ body: Data) -> [String: String]? {
        guard !body.isEmpty else { return [:] }
        guard let value = try? JSONDecoder().decode(Value.self, from: body), case .object = value else { return nil }
        var result: [String: String] = [:]
        flatten(value, under: "", into: &result)
        return result
    }

    private indirect enum Value: Decodable {
        case null
        case scalar(String)
        case list([Value])
        case object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let flag = try? container.decode(Bool.self) {
                self = .scalar(String(flag))
            } else if let number = try? container.decode(Int.self) {
                self = .scalar(String(number))
            } else if let number = try? container.decode(Double.self) {
                self = .scalar(String(number))
            } else if let text = try? container.decode(String.self) {
                self = .scalar(text)
            } else if let list = try? container.decode([Value].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }
    }

    private static func flatten(_ value: Value, under name: String, into result: inout [String: String]) {
        switch value {
        case .null: break
        case .scalar(let text): result[name] = text
        case .list(let members):
            for (index, member) in members.enumerated() {
                flatten(member, under: "\(name).member.\(index + 1)", into: &result)
            }
        case .object(let members):
            for (key, member) in members {
                flatten(member, under: name.isEmpty ? key : "\(name).\(key)", into: &result)
            }
        }
    }
}

import Foundation

/// An answer apart from its protocol, for services that speak JSON, and perhaps the query protocol too.
indirect enum AnswerValue: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case flag(Bool)
    /// Nothing at all in XML.
    case null
    /// Seconds since 1970 in JSON, to the millisecond; RFC 3339 in XML.
    case time(Date)
    case list([AnswerValue])
    case object([String: AnswerValue])
}

extension AnswerValue: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .null: try container.encodeNil()
        case .time(let time): try container.encode((time.timeIntervalSince1970 * 1000).rounded() / 1000)
        case .list(let members): try container.encode(members)
        case .object(let members): try container.encode(members)
        }
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

extension AnswerValue {
    /// As the query protocol has it: an object's members by their names, a list's as `member`.
    func write(into xml: inout XML, as name: String) {
        switch self {
        case .text(let text): xml.element(name, text)
        case .integer(let number): xml.element(name, number)
        case .number(let number): xml.element(name, "\(number)")
        case .flag(let flag): xml.element(name, flag)
        case .null: break
        case .time(let time): xml.element(name, AWSDate.extended(time))
        case .list(let members):
            xml.element(name) { xml in
                for member in members { member.write(into: &xml, as: "member") }
            }
        case .object: xml.element(name) { writeMembers(into: &$0) }
        }
    }

    /// Without an element around them; nothing of what is no object.
    func writeMembers(into xml: inout XML) {
        guard case .object(let members) = self else { return }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { value.write(into: &xml, as: name) }
    }
}

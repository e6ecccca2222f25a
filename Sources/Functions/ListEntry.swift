internal import JSON

/// One object of `WATCHES`, or of another list: the variables that it sets otherwise than the environment.
struct ListEntry {
    /// As in `WATCHES[3]`.
    let path: String
    let schema: EntrySchema
    /// What people shall know it by.
    let name: String?
    /// By the names of the variables, in the form that these have.
    let values: [String: String]
    /// The variables of the members that are wrong by their form. What they should be is not known, nor asked again.
    let malformed: Set<String>
    /// Whether all members are known, and of the right form.
    let isWellFormed: Bool

    /// - Parameter problems: gets all that is wrong by its form; what a variable must be is the concern of
    ///   `WatchConfiguration` and its like.
    /// - Returns: nil for what is no object.
    init?(_ reader: JSONReader, _ schema: EntrySchema, _ problems: inout [JSONError]) {
        path = reader.path
        self.schema = schema
        let members: [(name: String, reader: JSONReader)]
        do throws(JSONError) { members = try reader.members() } catch {
            problems.append(error)
            return nil
        }
        var name: String?
        var values: [String: String] = [:]
        var malformed: Set<String> = []
        var isWellFormed = true
        for (key, member) in members {
            let known = schema.members[key]
            do throws(JSONError) {
                if key == "name" {
                    name = try Self.name(member)
                } else if let known {
                    values[known.variable] = try Self.text(of: member, as: known.form)
                } else {
                    throw member.error("is not known here; allowed are \(schema.allowed)")
                }
            } catch {
                problems.append(error)
                isWellFormed = false
                if let known { malformed.insert(known.variable) }
            }
        }
        self.name = name
        self.values = values
        self.malformed = malformed
        self.isWellFormed = isWellFormed
    }

    /// It is a dimension of CloudWatch and part of a subject of SNS, which take no more than this.
    private static func name(_ member: JSONReader) throws(JSONError) -> String {
        let name = try member.string()
        let isPrintable = name.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard (1...100).contains(name.utf8.count), isPrintable, !name.hasPrefix(" "), !name.hasSuffix(" ") else {
            throw member.error("must have 1 to 100 printable ASCII characters, and no space before or after them")
        }
        return name
    }

    /// The text that the variable would have.
    private static func text(of member: JSONReader, as form: EntrySchema.Form) throws(JSONError) -> String {
        switch member.value {
        case .string(let text): return text
        case .null: throw member.error("is null: leave it out, for what the environment says")
        default: break
        }
        switch form {
        case .text: return try member.string()
        case .number:
            // Its range is looked at where the variable's is.
            _ = try member.number(in: -.infinity ... .infinity)
            return String(decoding: member.value.serialized(), as: UTF8.self)
        case .flag: return try member.bool() ? "true" : "false"
        case .object:
            _ = try member.members()
            return String(decoding: member.value.serialized(), as: UTF8.self)
        case .words:
            var words: [String] = []
            for element in try member.array() { words.append(try element.string()) }
            guard !words.isEmpty else { throw member.error("names no status") }
            return words.joined(separator: ",")
        }
    }
}

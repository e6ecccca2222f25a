internal import JSON

extension JSONReader {
    /// The member of an object; nil where there is none of the name, or a null: AWS writes both, and means the same.
    func optional(_ name: String) throws(JSONError) -> JSONReader? {
        guard let member = try member(name), member.value != .null else { return nil }
        return member
    }
}
